package org.headscope.hooks.handbuilt;

import java.util.SplittableRandom;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * One layer whose only work is to write the residual stream in another basis: attention writes nothing, and the MLP turns
 * {@code x} into {@code x R + c}, where R moves every coordinate {@link #SHIFT} places on and changes the sign of every
 * other one. The logit lens therefore misreads the stream in front of the layer, and the translator that a tuned lens has to
 * find is known: {@code A = R - I}, {@code b = c}.
 */
public final class RotatedModel {
    /** Width of the residual stream. */
    public static final int WIDTH = 8;
    /** Number of tokens. */
    public static final int VOCAB = 24;
    /** How far the coordinates move. */
    public static final int SHIFT = 3;

    private static final int CONTEXT = 32;
    private static final int D_HEAD = 4;
    private static final double SHARPNESS = 3;
    private static final long SEED = 20260203;

    private RotatedModel() {}

    /** {@return the model; close it} */
    public static HookedTransformer create() {
        SplittableRandom random = new SplittableRandom(SEED);
        Blueprint model = new Blueprint(new Dims(1, 1, 1, WIDTH, D_HEAD, 2 * WIDTH, CONTEXT, VOCAB));
        for (int token = 0; token < VOCAB; token++) {
            for (int i = 0; i < WIDTH; i++) {
                model.tokens().set(token, i, random.nextInt(-8, 9) / 8.0);
                model.unembed().set(token, i, SHARPNESS * random.nextInt(-8, 9) / 8.0);
            }
        }
        // relu(y) - relu(-y) = y, with y = x A + b.
        for (int out = 0; out < WIDTH; out++) {
            for (int in = 0; in < WIDTH; in++) {
                model.mlpIn(0).set(2 * out, in, weight(in, out)).set(2 * out + 1, in, -weight(in, out));
            }
            model.mlpInBias(0).set(0, 2 * out, bias(out)).set(0, 2 * out + 1, -bias(out));
            model.mlpOut(0).set(out, 2 * out, 1).set(out, 2 * out + 1, -1);
        }
        return model.build("rotated");
    }

    /**
     * The translator that makes the stream before the layer the one behind it.
     *
     * @param from row, {@code 0 <= from < WIDTH}
     * @param to column, {@code 0 <= to < WIDTH}
     * @return {@code A[from, to]}
     */
    public static double weight(int from, int to) {
        double rotated = to == (from + SHIFT) % WIDTH ? (from % 2 == 0 ? 1 : -1) : 0;
        return rotated - (from == to ? 1 : 0);
    }

    /**
     * The offset of that translator.
     *
     * @param to coordinate
     * @return {@code b[to]}
     */
    public static double bias(int to) {
        return (to - 3) / 8.0;
    }
}
