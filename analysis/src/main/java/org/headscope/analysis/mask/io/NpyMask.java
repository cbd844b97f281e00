package org.headscope.analysis.mask.io;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.linalg.NpyArray;
import org.headscope.analysis.linalg.NpyFile;
import org.headscope.analysis.linalg.NpyType;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;

/**
 * Head masks as NumPy matrices {@code [n_layers, n_heads]}, 1 for keep and 0 for masked, as Hugging Face's
 * {@code head_mask} has them. Numbers in between are gates.
 */
public final class NpyMask {
    private NpyMask() {}

    /**
     * Writes a float32 matrix, replacing the file only when the new one is complete.
     *
     * @param mask the mask
     * @param file where to
     * @return what the format could not carry, for people to read; empty when nothing was lost
     */
    public static List<String> write(HeadMask mask, Path file) {
        double[][] gates = MaskViews.gates(mask);
        int heads = mask.shape().heads();
        float[] flat = new float[gates.length * heads];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) gates[i / heads][i % heads];
        }
        NpyFile.write(file, NpyArray.of(List.of(gates.length, heads), flat));
        return MaskViews.lossesWithoutModes(mask, true);
    }

    /**
     * Reads a matrix of any readable number type.
     *
     * @param file the file
     * @param shape the grid of the model
     * @param off how heads with 0 are to be masked
     * @return the mask
     * @throws MaskFormatException when the file is damaged, has another shape, or holds numbers outside 0 to 1
     */
    public static HeadMask read(Path file, MaskShape shape, MaskSetting off) {
        return MaskFiles.named(file, () -> toMask(NpyFile.read(file), shape, off));
    }

    private static HeadMask toMask(NpyArray array, MaskShape shape, MaskSetting off) {
        if (!array.shape().equals(List.of(shape.layers(), shape.heads()))) {
            throw new MaskFormatException("its shape is " + array.shape() + ", but the model has " + shape + ": ["
                    + shape.layers() + ", " + shape.heads() + "] is needed.");
        }
        double[] values = array.toDoubles();
        Map<MaskUnit, MaskSetting> entries = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            MaskUnit head = MaskUnit.head(i / shape.heads(), i % shape.heads());
            double keep = array.type() == NpyType.FLOAT32 ? shortest(values[i]) : values[i];
            if (!(keep >= 0 && keep <= 1)) {
                throw new MaskFormatException("head " + head.label() + " has " + keep
                        + "; a head mask holds numbers from 0 (masked) to 1 (keep).");
            }
            if (keep < 1) {
                entries.put(head, keep == 0 ? off : MaskSetting.gate(keep));
            }
        }
        return HeadMask.of(shape, entries);
    }

    /** The decimal a person meant: float32 0.3 is 0.30000001192... when widened digit by digit. */
    private static double shortest(double widened) {
        return Double.parseDouble(Float.toString((float) widened));
    }
}
