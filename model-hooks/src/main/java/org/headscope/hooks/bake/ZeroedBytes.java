package org.headscope.hooks.bake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Stretches of a file that become zero bytes, which is the number 0 in every number type. Stretches may overlap.
 */
final class ZeroedBytes {
    private static final int BLOCK = 1 << 16;

    private final TreeMap<Long, Long> ends = new TreeMap<>();

    void add(long from, long length) {
        ends.merge(from, from + length, Math::max);
    }

    /** Copies a file from its first byte. */
    void copy(InputStream in, OutputStream out) throws IOException {
        byte[] block = new byte[BLOCK];
        long at = 0;
        long zeroUntil = 0;
        int count;
        while ((count = in.read(block)) > 0) {
            zeroUntil = blank(block, at, count, zeroUntil);
            out.write(block, 0, count);
            at += count;
        }
    }

    /** Returns the end of the furthest stretch that has begun, which may lie beyond this block. */
    private long blank(byte[] block, long at, int count, long begun) {
        long until = begun;
        fill(block, at, at, Math.min(until, at + count));
        for (Map.Entry<Long, Long> stretch :
                ends.subMap(at, true, at + count, false).entrySet()) {
            fill(block, at, stretch.getKey(), Math.min(stretch.getValue(), at + count));
            until = Math.max(until, stretch.getValue());
        }
        return until;
    }

    private static void fill(byte[] block, long at, long from, long to) {
        if (to > from) {
            Arrays.fill(block, (int) (from - at), (int) (to - at), (byte) 0);
        }
    }
}
