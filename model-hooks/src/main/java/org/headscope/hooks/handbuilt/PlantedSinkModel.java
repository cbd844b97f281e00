package org.headscope.hooks.handbuilt;

import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * Sinks that live exactly as long as planned. The MLP of one block adds {@link #SIZE} to a direction of its own at a chosen
 * position, the MLP of a later block takes it away again. Head {@link #SINK_HEAD} of every block gives positions that carry
 * the direction {@code weight} times as much attention as others; head {@link #UNIFORM_HEAD} attends uniformly. Heads write
 * nothing, so every state is known: one for the token, one for the position, {@link #SIZE} for the sink.
 */
public final class PlantedSinkModel {
    /** The head that follows the sinks. */
    public static final int SINK_HEAD = 0;
    /** The head that does not. */
    public static final int UNIFORM_HEAD = 1;
    /** Number of token ids. */
    public static final int VOCAB = 8;
    /** Longest input. */
    public static final int CONTEXT = 32;
    /** What a sink carries. */
    public static final double SIZE = 200;
    /** The channel of the residual stream that carries it. */
    public static final int CHANNEL = VOCAB + CONTEXT;

    private static final int HEADS = 2;

    private PlantedSinkModel() {}

    /**
     * A sink.
     *
     * @param position where
     * @param from the block whose MLP makes it
     * @param to the block whose MLP takes it away; the number of blocks or more for never
     */
    public record Planted(int position, int from, int to) {}

    /**
     * Makes the model.
     *
     * @param layers number of blocks
     * @param weight how many times as much attention a sink gets as another position
     * @param sinks what is planted
     * @return the model; close it
     */
    public static HookedTransformer create(int layers, double weight, List<Planted> sinks) {
        int width = CHANNEL + 1;
        Blueprint model = new Blueprint(new Dims(layers, HEADS, HEADS, width, 1, sinks.size(), CONTEXT, VOCAB));
        model.tokens().diagonal(0, 0, VOCAB, 1);
        model.positions().diagonal(0, VOCAB, CONTEXT, 1);
        model.unembed().diagonal(0, 0, VOCAB, 1);
        for (int layer = 0; layer < layers; layer++) {
            model.qBias(layer, SINK_HEAD).set(0, 0, Math.log(weight) / SIZE);
            model.k(layer, SINK_HEAD).set(0, CHANNEL, 1);
            for (int unit = 0; unit < sinks.size(); unit++) {
                plant(model, layer, unit, sinks.get(unit));
            }
        }
        return model.build("planted-sinks-" + layers + "-" + weight + "-" + sinks);
    }

    private static void plant(Blueprint model, int layer, int unit, Planted sink) {
        double sign = layer == sink.from ? 1 : layer == sink.to ? -1 : 0;
        if (sign != 0) {
            model.mlpIn(layer).set(unit, VOCAB + sink.position, 1);
            model.mlpOut(layer).set(CHANNEL, unit, sign * SIZE);
        }
    }
}
