package org.headscope.hooks.family.hf;

import java.util.Optional;
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

    /** The rotary embedding of a family that turns whole heads unless told otherwise. */
    static RopeSpec of(HfConfig c, Dims dims) {
        return of(c, dims, 1);
    }

    /** The rotary embedding of a family that turns a part of each head unless told otherwise. */
    static RopeSpec of(HfConfig c, Dims dims, double usualPart) {
        Optional<HfConfig> parameters = c.object("rope_parameters");
        double theta = number(parameters, "rope_theta")
                .or(() -> number(Optional.of(c), "rope_theta", "rotary_emb_base"))
                .orElse(USUAL_THETA);
        double part = number(parameters, "partial_rotary_factor")
                .or(() -> number(Optional.of(c), "partial_rotary_factor", "rotary_pct"))
                .orElse(usualPart);
        RopeScaling.Base base = base(dims, theta, part);
        return parameters
                .or(() -> c.object("rope_scaling"))
                .map(scaling -> RopeScaling.of(base, scaling))
                .orElseGet(() -> RopeScaling.plain(base));
    }

    /** Half-split pairs over the first part of each head. */
    static RopeScaling.Base base(Dims dims, double theta, double part) {
        return new RopeScaling.Base(theta, (int) (dims.dHead() * part), false, dims.context());
    }

    private static Optional<Double> number(Optional<HfConfig> settings, String... names) {
        return settings.flatMap(s -> s.optionalNumber(names).stream().boxed().findFirst());
    }
}
