package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.weights.Linear;
import org.jspecify.annotations.Nullable;

/** The ways from the last normalised residual stream to readouts; the mean over the vocabulary is made once. */
final class ReadoutPaths {
    private final HookedTransformer model;
    private @Nullable FrozenPath vocabulary;

    ReadoutPaths(HookedTransformer model) {
        this.model = model;
    }

    /** The way to one readout. */
    FrozenPath of(Readout readout) {
        List<Integer> against = readout.against();
        if (against == null) {
            return columns(List.of(readout.target())).minus(vocabulary());
        }
        return columns(List.of(readout.target())).minus(columns(against));
    }

    /** The mean over some tokens. */
    private FrozenPath columns(List<Integer> tokens) {
        try (NDManager temporary = model.newManager()) {
            int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
            Linear columns = model.forward().columns(ids, temporary);
            double[] rows = FrozenPath.doubles(columns.weight());
            double[] direction = new double[rows.length / ids.length];
            for (int i = 0; i < rows.length; i++) {
                direction[i % direction.length] += rows[i] / ids.length;
            }
            NDArray bias = columns.bias();
            double constant = bias == null
                    ? 0
                    : IntStream.range(0, ids.length)
                            .mapToDouble(i -> bias.getFloat(i))
                            .average()
                            .orElseThrow();
            return new FrozenPath(direction, constant);
        }
    }

    private FrozenPath vocabulary() {
        FrozenPath known = vocabulary;
        if (known == null) {
            Linear unembed = model.weights().unembed().unembed();
            try (NDManager temporary = model.newManager()) {
                double[] direction = FrozenPath.doubles(mean(unembed.weight(), temporary));
                NDArray bias = unembed.bias();
                known = new FrozenPath(
                        direction, bias == null ? 0 : mean(bias, temporary).getFloat());
            }
            vocabulary = known;
        }
        return known;
    }

    private static NDArray mean(NDArray array, NDManager temporary) {
        return Alias.of(array, temporary).mean(new int[] {0});
    }
}
