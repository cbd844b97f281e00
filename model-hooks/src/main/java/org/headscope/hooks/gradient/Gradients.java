package org.headscope.hooks.gradient;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.Scalar;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * Gradients of a scalar metric with respect to activations.
 *
 * <p>A zero is added to every requested activation and the gradient is taken with respect to that zero, because the engine
 * keeps gradients of leaves only. One forward and one backward pass serve all sites. The engine collects one gradient at
 * a time, so calls wait for each other.
 *
 * <p>Hooks and metrics that multiply or divide by a plain number must get it from {@link Scalar}: the backward pass reads it
 * again, and {@code x.mul(0.5)} frees it before that. Arrays that they make in the manager of what they are given are kept.
 */
public final class Gradients {
    private final HookedTransformer model;

    /** @param model the model to differentiate through */
    public Gradients(HookedTransformer model) {
        this.model = model;
    }

    /**
     * What a gradient run gives. Close it to free both caches.
     *
     * @param metric value of the metric
     * @param activations the activations at the requested sites
     * @param gradients the gradient of the metric with respect to each of them, same shapes
     * @param receipts what acted during the run
     * @param manager owns all of it
     */
    public record Result(
            double metric,
            ActivationCache activations,
            ActivationCache gradients,
            List<Receipt> receipts,
            NDManager manager)
            implements AutoCloseable {
        /** Copies the receipts. */
        public Result {
            receipts = List.copyOf(receipts);
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    /**
     * Runs forward and backward.
     *
     * @param request tokens and edits; its captures are the sites to differentiate with respect to
     * @param metric from logits {@code [batch, pos - logitsFrom, vocab]} to a scalar
     * @return metric, activations and gradients; close it
     * @throws HeadscopeException when a site holds token ids, two sites exclude each other, or the metric is no scalar or
     *     does not depend on any requested site
     */
    public Result of(RunRequest request, UnaryOperator<NDArray> metric) {
        request.tokens().check(model.config().dims());
        refuseHiddenNorms(request.captures());
        NDManager owner = model.newManager();
        try {
            synchronized (Engines.gradientLock()) {
                return collect(request, metric, owner);
            }
        } catch (Throwable e) {
            owner.close();
            throw e;
        }
    }

    private Result collect(RunRequest request, UnaryOperator<NDArray> metric, NDManager owner) {
        ActivationCache activations = new ActivationCache(owner.newSubManager());
        ActivationCache gradients = new ActivationCache(owner.newSubManager());
        Map<HookSite, NDArray> leaves = new LinkedHashMap<>();
        List<SiteEdit> edits = new ArrayList<>(model.hooks().attached());
        edits.addAll(request.edits());
        edits.forEach(edit -> edit.requireFits(request.tokens().length()));
        RunBus bus = new RunBus(model.sites(), edits);
        Engine engine = Engines.get();
        try (NDManager temporary = owner.newSubManager();
                GradientCollector collector = engine.newGradientCollector()) {
            request.captures().forEach(site -> watch(bus, site, new Watched(activations, leaves, temporary)));
            TokenBatch tokens = request.tokens();
            var scope = model.forward().scope(temporary, bus, tokens.padding()).recording();
            NDArray scalar = metric.apply(model.forward().logits(tokens, request.logitsFrom(), scope));
            List<Receipt> receipts = bus.close();
            backward(collector, scalar);
            leaves.forEach((site, leaf) -> gradients.put(site, leaf.getGradient()));
            return new Result(
                    scalar.toType(DataType.FLOAT32, false).getFloat(), activations, gradients, receipts, owner);
        }
    }

    private static void backward(GradientCollector collector, NDArray scalar) {
        if (scalar.size() != 1) {
            throw new HeadscopeException("The metric must be a scalar to have a gradient, but has shape "
                    + scalar.getShape() + ". Add its numbers up, or choose one.");
        }
        try {
            collector.backward(scalar);
        } catch (EngineException e) {
            throw new HeadscopeException(
                    "The metric does not depend on any of the requested sites, so there is no gradient ("
                            + e.getMessage() + "). Compute it from the logits it is given.",
                    e);
        }
    }

    /** With one residual copy per head the norm runs once per head, and the shared one has no effect. */
    private static void refuseHiddenNorms(Set<HookSite> sites) {
        for (HookSite site : sites) {
            boolean norm = site.kind() == SiteKind.LN1_SCALE || site.kind() == SiteKind.LN1_NORMALIZED;
            for (SiteKind split : RunBus.SPLIT_INPUTS) {
                if (norm && sites.contains(HookSite.of(split, site.layer()))) {
                    throw new HeadscopeException("The gradients at " + site + " and at " + split.path()
                            + " of the same layer exclude each other, because each head then normalises its own copy."
                            + " Ask for them one after the other.");
                }
            }
        }
    }

    /** Leaves must outlive the block in which they were made, so a longer-lived manager owns them. */
    private record Watched(ActivationCache activations, Map<HookSite, NDArray> leaves, NDManager manager) {}

    private void watch(RunBus bus, HookSite site, Watched to) {
        if (site.kind() == SiteKind.TOKENS) {
            throw new HeadscopeException("Token ids have no gradient. Use hook_embed instead.");
        }
        bus.transform(model.sites().require(site), value -> {
            NDArray leaf = value.zerosLike();
            leaf.attach(to.manager);
            leaf.setRequiresGradient(true);
            NDArray previous = to.leaves.put(site, leaf);
            if (previous != null) {
                throw new HeadscopeException("The site " + site + " was reached twice in one run.");
            }
            NDArray watched = value.add(leaf);
            to.activations.put(site, watched.stopGradient());
            return watched;
        });
    }
}
