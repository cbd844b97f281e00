package org.headscope.hooks.family;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.config.RopeSpec;

/**
 * Turns the rotary settings of a {@code config.json} into plain frequencies. Known kinds: {@code default},
 * {@code dynamic} (equal to the default up to the trained context, beyond which no input is accepted), {@code linear}
 * (position interpolation, arXiv 2306.15595), {@code llama3} (the Llama 3.1 rule) and {@code yarn} (arXiv 2309.00071).
 */
public final class RopeScaling {
    private static final Set<String> PLAIN = Set.of("default", "dynamic");

    private RopeScaling() {}

    /**
     * What a rotary embedding is made from.
     *
     * @param theta base of the frequencies
     * @param dims how many dimensions of a head rotate
     * @param interleaved whether neighbouring dimensions form a pair (GPT-J)
     * @param context longest input the configuration allows, used where the original length is not given
     */
    public record Base(double theta, int dims, boolean interleaved, int context) {
        /** Refuses what cannot rotate. */
        public Base {
            if (!(theta > 0)) {
                throw new ConfigException("config.json: the rotary base " + theta + " must be positive.");
            }
            if (dims <= 0 || dims % 2 != 0) {
                throw new ConfigException(
                        "config.json: " + dims + " rotary dimensions per head; the number must be even"
                                + " and positive. Check head_dim and partial_rotary_factor.");
            }
        }
    }

    /**
     * Computes unscaled frequencies.
     *
     * @param base what to compute them from
     * @return {@code theta^(-2i / dims)}
     */
    public static RopeSpec plain(Base base) {
        return spec(base, frequency -> frequency);
    }

    /**
     * Computes scaled frequencies.
     *
     * @param base what to compute them from
     * @param scaling the object {@code rope_scaling} or {@code rope_parameters}
     * @return the frequencies after scaling
     * @throws ConfigException when the kind of scaling is not known or lacks a number
     */
    public static RopeSpec of(Base base, HfConfig scaling) {
        String kind = scaling.text("rope_type", "type").orElse("default");
        if (PLAIN.contains(kind)) {
            return plain(base);
        }
        return switch (kind) {
            case "linear" -> linear(base, scaling);
            case "llama3" -> llama3(base, scaling);
            case "yarn" -> yarn(base, scaling);
            default ->
                throw new ConfigException("config.json: rotary scaling '" + kind
                        + "' is not supported. Supported: default, dynamic, linear, llama3, yarn.");
        };
    }

    private static RopeSpec linear(Base base, HfConfig scaling) {
        double factor = scaling.number("factor");
        return spec(base, frequency -> frequency / factor);
    }

    private static RopeSpec llama3(Base base, HfConfig scaling) {
        double original = scaling.number("original_max_position_embeddings");
        double low = scaling.number("low_freq_factor");
        double high = scaling.number("high_freq_factor");
        double factor = scaling.number("factor");
        return spec(base, frequency -> {
            double wavelength = 2 * Math.PI / frequency;
            // clamping the blend gives the two outer cases: all scaled, not scaled at all
            double keep = clamp((original / wavelength - low) / (high - low));
            return (1 - keep) * frequency / factor + keep * frequency;
        });
    }

    private static RopeSpec yarn(Base base, HfConfig scaling) {
        double factor = scaling.number("factor");
        double original =
                scaling.optionalNumber("original_max_position_embeddings").orElse(base.context);
        double low =
                rotations(base, original, scaling.optionalNumber("beta_fast").orElse(32));
        double high =
                rotations(base, original, scaling.optionalNumber("beta_slow").orElse(1));
        if (scaling.flag(true, "truncate")) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        double from = Math.max(low, 0);
        double to = Math.min(high, base.dims - 1);
        double width = to == from ? 0.001 : to - from;
        List<Double> frequencies = new ArrayList<>();
        for (int i = 0; i < base.dims / 2; i++) {
            double scaled = clamp((i - from) / width);
            double frequency = frequency(base, i);
            frequencies.add(frequency / factor * scaled + frequency * (1 - scaled));
        }
        return new RopeSpec(frequencies, base.interleaved, yarnMagnitude(scaling, factor));
    }

    private static double yarnMagnitude(HfConfig scaling, double factor) {
        if (scaling.optionalNumber("attention_factor").isPresent()) {
            return scaling.number("attention_factor");
        }
        double above = scaling.optionalNumber("mscale").orElse(0);
        double below = scaling.optionalNumber("mscale_all_dim").orElse(0);
        if (above != 0 && below != 0) {
            return magnitude(factor, above) / magnitude(factor, below);
        }
        return magnitude(factor, 1);
    }

    private static double magnitude(double factor, double weight) {
        return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
    }

    /** The (fractional) pair that turns {@code count} times over the original context. */
    private static double rotations(Base base, double original, double count) {
        return base.dims * Math.log(original / (count * 2 * Math.PI)) / (2 * Math.log(base.theta));
    }

    private static RopeSpec spec(Base base, DoubleUnaryOperator scale) {
        List<Double> frequencies = new ArrayList<>();
        for (int i = 0; i < base.dims / 2; i++) {
            frequencies.add(scale.applyAsDouble(frequency(base, i)));
        }
        return new RopeSpec(frequencies, base.interleaved, 1);
    }

    private static double frequency(Base base, int pair) {
        return Math.pow(base.theta, -2.0 * pair / base.dims);
    }

    private static double clamp(double value) {
        return Math.min(1, Math.max(0, value));
    }
}
