package org.headscope.hooks.family.hf;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.family.HfConfig;

/** Which layers see only a window of keys, spelled out as {@code layer_types} or by a rule of the family. */
final class Windows {
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private Windows() {}

    /** The window of each layer; layers slide where the file says so or, when it is silent, where the rule does. */
    static IntUnaryOperator of(HfConfig c, Dims dims, IntPredicate usual) {
        int window = c.optionalInteger("sliding_window").orElse(0);
        IntPredicate sliding = sliding(c, dims, usual);
        return layer -> sliding.test(layer) ? window : 0;
    }

    /** Whether a layer slides. */
    static IntPredicate sliding(HfConfig c, Dims dims, IntPredicate usual) {
        return c.texts("layer_types").map(types -> fromTypes(types, dims)).orElse(usual);
    }

    private static IntPredicate fromTypes(List<String> types, Dims dims) {
        if (types.size() != dims.layers()) {
            throw new ConfigException("config.json: 'layer_types' lists " + types.size() + " layers, but the model has "
                    + dims.layers() + ".");
        }
        for (String type : types) {
            if (!type.equals(SLIDING) && !type.equals(FULL)) {
                throw new ConfigException("config.json: layer type '" + type + "' is not supported. Supported: " + FULL
                        + ", " + SLIDING + ".");
            }
        }
        return layer -> types.get(layer).equals(SLIDING);
    }
}
