package org.headscope.hooks.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.headscope.hooks.checkpoint.HeaderParser.Entry;

/** Checks that the tensors of a header cover the bytes behind it exactly: in bounds, no overlap, nothing left over. */
final class HeaderLayout {
    private HeaderLayout() {}

    /**
     * Places the tensors.
     *
     * @param entries what the header says
     * @param dataStart the first byte after the header
     * @param dataBytes the bytes after the header
     * @return tensors by name, in the order of the file
     */
    static Map<String, TensorInfo> place(List<Entry> entries, long dataStart, long dataBytes) {
        List<Entry> ordered = entries.stream()
                .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
                .toList();
        Map<String, TensorInfo> placed = new LinkedHashMap<>();
        long expected = 0;
        for (Entry entry : ordered) {
            long length = checkedLength(entry);
            checkPlace(entry, expected, dataBytes);
            expected = entry.end();
            placed.put(
                    entry.name(),
                    new TensorInfo(entry.name(), entry.dtype(), entry.shape(), dataStart + entry.begin(), length));
        }
        if (expected != dataBytes) {
            throw new CheckpointException(
                    Kind.GAP, "the last " + (dataBytes - expected) + " bytes of the file belong to no tensor");
        }
        return placed;
    }

    private static void checkPlace(Entry entry, long expected, long dataBytes) {
        if (entry.end() > dataBytes) {
            throw new CheckpointException(
                    Kind.TRUNCATED,
                    where(entry) + " ends at byte " + entry.end() + " of the data, but only " + dataBytes
                            + " bytes are there. The file is incomplete: fetch or copy it again");
        }
        if (entry.begin() < expected) {
            throw new CheckpointException(
                    Kind.OVERLAP,
                    where(entry) + " starts at byte " + entry.begin() + ", inside another tensor that ends at "
                            + expected);
        }
        if (entry.begin() > expected) {
            throw new CheckpointException(
                    Kind.GAP, (entry.begin() - expected) + " bytes before " + where(entry) + " belong to no tensor");
        }
    }

    private static long checkedLength(Entry entry) {
        long stated = entry.end() - entry.begin();
        long needed = neededBytes(entry);
        if (stated != needed) {
            throw new CheckpointException(
                    Kind.WRONG_SHAPE,
                    where(entry) + ": " + entry.dtype() + " " + Text.shape(entry.shape()) + " takes " + needed
                            + " bytes, but its offsets span " + stated);
        }
        return stated;
    }

    private static long neededBytes(Entry entry) {
        Shape shape = entry.shape();
        try {
            // The bound holds for the non-empty axes of an empty tensor too, so that no stride can overflow later.
            long bytes = entry.dtype().bytes();
            boolean empty = false;
            for (long axis : shape.getShape()) {
                empty |= axis == 0;
                bytes = Math.multiplyExact(bytes, Math.max(axis, 1));
            }
            return empty ? 0 : bytes;
        } catch (ArithmeticException e) {
            throw new CheckpointException(
                    Kind.WRONG_SHAPE,
                    where(entry) + ": shape " + Text.shape(shape) + " has more elements than can be counted",
                    e);
        }
    }

    private static String where(Entry entry) {
        return "tensor '" + Text.shorten(entry.name()) + "'";
    }
}
