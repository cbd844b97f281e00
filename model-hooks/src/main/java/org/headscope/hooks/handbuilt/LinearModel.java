package org.headscope.hooks.handbuilt;

import java.util.SplittableRandom;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * Two layers whose logits are an affine function of every residual write: queries and keys are zero, so attention is
 * uniform whatever the input, and the MLP computes {@code relu(x) - relu(-x) = x}. Here attribution patching equals
 * activation patching at every site of the residual stream and of the heads, and direct logit attributions add up to the
 * logit less {@code b_U}.
 *
 * <p>All weights are multiples of 1/8 from a fixed sequence, so sums are nearly free of rounding. The two units of a pair
 * inside an MLP are not linear one by one: look at {@code hook_mlp_in} and {@code hook_mlp_out} instead.
 */
public final class LinearModel {
    private static final int LAYERS = 2;
    private static final int HEADS = 2;
    private static final int WIDTH = 8;
    private static final int D_HEAD = 4;
    private static final int PAIRS = 4;
    private static final int VOCAB = 11;
    private static final int CONTEXT = 16;
    private static final int STEPS = 4;
    private static final long SEED = 20260101;

    private LinearModel() {}

    /** {@return the model; close it} */
    public static HookedTransformer create() {
        SplittableRandom random = new SplittableRandom(SEED);
        Blueprint model = new Blueprint(new Dims(LAYERS, HEADS, HEADS, WIDTH, D_HEAD, 2 * PAIRS, CONTEXT, VOCAB));
        fill(model.tokens(), VOCAB, WIDTH, random);
        fill(model.positions(), CONTEXT, WIDTH, random);
        fill(model.unembed(), VOCAB, WIDTH, random);
        fill(model.unembedBias(), 1, VOCAB, random);
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int head = 0; head < HEADS; head++) {
                fill(model.v(layer, head), D_HEAD, WIDTH, random);
                fill(model.o(layer, head), WIDTH, D_HEAD, random);
            }
            mlp(model, layer, random);
        }
        return model.build("linear");
    }

    private static void mlp(Blueprint model, int layer, SplittableRandom random) {
        for (int pair = 0; pair < PAIRS; pair++) {
            for (int d = 0; d < WIDTH; d++) {
                double in = eighths(random);
                double out = eighths(random);
                model.mlpIn(layer).set(2 * pair, d, in).set(2 * pair + 1, d, -in);
                model.mlpOut(layer).set(d, 2 * pair, out).set(d, 2 * pair + 1, -out);
            }
        }
    }

    private static void fill(Matrix matrix, int rows, int columns, SplittableRandom random) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                matrix.set(r, c, eighths(random));
            }
        }
    }

    /** Odd multiples of 1/8 between -7/8 and 7/8: never zero. */
    private static double eighths(SplittableRandom random) {
        return (2 * random.nextInt(-STEPS, STEPS) + 1) / 8.0;
    }
}
