package org.headscope.hooks.family.hf;

import java.util.Optional;
import java.util.OptionalDouble;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.RopeSpec;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.RopeScaling;

/**
 * Rotary settings in both spellings: {@code rope_parameters} of new files; {@code rope_theta} with
 * {@code rope_scaling} and a partial factor beside it in older ones.
 */
final class HfRope {
    private static final double USUAL_THETA = 10_000;

    private HfRope() {}

    /** The same half-split rotary embedding for all layers. */
    static RopeSpec of(HfConfig c, Dims dims) {
        return of(c, dims, 1);
    }

    /** The same, where the family rotates a part of each head unless told otherwise. */
    static RopeSpec of(HfConfig c, Dims dims, double usualPart) {
        Optional<HfConfig> parameters = c.object("rope_parameters");
        double theta = first(parameters, "rope_theta").orElseGet(() -> c.optionalNumber("rope_theta", "rotary_emb_base")
                .orElse(USUAL_THETA));
        double part = first(parameters, "partial_rotary_factor")
                .orElseGet(() ->
                        c.optionalNumber("partial_rotary_factor", "rotary_pct").orElse(usualPart));
        RopeScaling.Base base = new RopeScaling.Base(theta, (int) (dims.dHead() * part), false, dims.context());
        return parameters
                .or(() -> c.object("rope_scaling"))
                .map(scaling -> RopeScaling.of(base, scaling))
                .orElseGet(() -> RopeScaling.plain(base));
    }

    private static OptionalDouble first(Optional<HfConfig> parameters, String name) {
        return parameters.map(p -> p.optionalNumber(name)).orElse(OptionalDouble.empty());
    }
}
