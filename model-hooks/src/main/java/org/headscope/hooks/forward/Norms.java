package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.NormWeights;

/** LayerNorm (Ba et al., arXiv 1607.06450) and RMSNorm (Zhang and Sennrich, arXiv 1910.07467) with their hook sites. */
final class Norms {
    private final NormSpec spec;

    Norms(NormSpec spec) {
        this.spec = spec;
    }

    /**
     * The place of a norm.
     *
     * @param scale site of its denominator
     * @param normalized site of its output
     * @param layer block index, or -1
     * @param first absolute position of row 0
     */
    record Place(SiteKind scale, SiteKind normalized, int layer, int first) {}

    /** Normalises the last axis of {@code x [.., d]}, letting the bus see the scale and the result. */
    NDArray apply(NDArray x, NormWeights weights, Place place, RunScope scope) {
        boolean watched =
                scope.bus().wants(place.scale, place.layer) || scope.bus().wants(place.normalized, place.layer);
        if (spec.kind() == NormSpec.Kind.NONE) {
            return x;
        }
        return watched ? watched(x, weights, place, scope) : plain(x, weights);
    }

    /** The same numbers without hook sites. */
    NDArray plain(NDArray x, NormWeights weights) {
        return switch (spec.kind()) {
            case NONE -> x;
            case RMS -> gain(x.div(rms(x)), weights);
            case LAYER ->
                weights.weight() == null || weights.bias() == null
                        ? gain(centred(x).div(deviation(centred(x))), weights)
                        : LayerNorm.layerNorm(
                                        x,
                                        new Shape(x.getShape().getLastDimension()),
                                        weights.weight(),
                                        weights.bias(),
                                        (float) spec.eps())
                                .singletonOrThrow();
        };
    }

    /** RMSNorm over the last axis, whatever the model's own norm is: queries and keys. */
    NDArray rms(NDArray x, NDArray weight) {
        return x.div(rms(x)).mul(weight);
    }

    private NDArray watched(NDArray x, NormWeights weights, Place place, RunScope scope) {
        boolean layerNorm = spec.kind() == NormSpec.Kind.LAYER;
        NDArray centred = layerNorm ? centred(x) : x;
        NDArray scale = layerNorm ? deviation(centred) : rms(x);
        scale = scope.visit(place.scale, place.layer, scale, place.first);
        NDArray normalized = centred.div(scale);
        if (!layerNorm) {
            return gain(scope.visit(place.normalized, place.layer, normalized, place.first), weights);
        }
        return scope.visit(place.normalized, place.layer, gain(normalized, weights), place.first);
    }

    private NDArray rms(NDArray x) {
        return x.square().mean(lastAxis(x), true).add(spec.eps()).sqrt();
    }

    private NDArray deviation(NDArray centred) {
        return centred.square().mean(lastAxis(centred), true).add(spec.eps()).sqrt();
    }

    private static NDArray centred(NDArray x) {
        return x.sub(x.mean(lastAxis(x), true));
    }

    private static int[] lastAxis(NDArray x) {
        return new int[] {x.getShape().dimension() - 1};
    }

    private static NDArray gain(NDArray x, NormWeights weights) {
        NDArray scaled = weights.weight() == null ? x : x.mul(weights.weight());
        return weights.bias() == null ? scaled : scaled.add(weights.bias());
    }
}
