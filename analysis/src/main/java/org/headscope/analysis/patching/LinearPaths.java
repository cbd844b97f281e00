package org.headscope.analysis.patching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.NormWeights;
import org.jspecify.annotations.Nullable;

/** The clean and the corrupt run, and what a head of the one would add to projections of the other. Close it. */
final class LinearPaths implements AutoCloseable {
    private final AnalysisContext context;
    private final PatchPair pair;
    private final SiteKind kind;
    private final RunResult corrupt;
    private final RunResult clean;
    private final PatchGap gap;

    private LinearPaths(AnalysisContext context, PatchPair pair, SiteKind kind, RunResult corrupt, RunResult clean) {
        this.context = context;
        this.pair = pair;
        this.kind = kind;
        this.corrupt = corrupt;
        this.clean = clean;
        this.gap = new PatchGap(pair.difference(corrupt), pair.difference(clean), ActivationPatching.Mode.DENOISE);
    }

    static LinearPaths of(AnalysisContext context, PatchPair pair, SiteKind kind) {
        RunResult corrupt = run(context, pair.base(), List.of(SiteKind.Z, SiteKind.LN1_SCALE, kind));
        try {
            return new LinearPaths(context, pair, kind, corrupt, run(context, pair.other(), List.of(SiteKind.Z)));
        } catch (Throwable e) {
            corrupt.close();
            throw e;
        }
    }

    private static RunResult run(AnalysisContext context, EncodedPrompt prompt, List<SiteKind> kinds) {
        RunRequest.Builder request = StandingRun.of(context, prompt.batch()).lastLogits();
        for (int l = 0; l < context.model().config().dims().layers(); l++) {
            for (SiteKind kind : kinds) {
                HookSite site = HookSite.of(kind, l);
                if (context.model().sites().has(site)) {
                    request.capture(site);
                }
            }
        }
        return context.model().run(request.build());
    }

    PatchGap gap() {
        return gap;
    }

    /** All heads that have the projection. */
    MaskShape receivers() {
        Dims dims = context.model().config().dims();
        return new MaskShape(dims.layers(), kind.perKvHead() ? dims.kvHeads() : dims.heads());
    }

    /** Logit differences of the corrupt run with one receiver moved, for every receiver behind the sender, by layer. */
    double[] from(MaskUnit sender, BaseRun base, Progress progress, ReceiptSums receipts) {
        List<SweepCell> cells = new ArrayList<>();
        try (NDManager temporary = context.model().newManager()) {
            ActivationCache moved = new ActivationCache(temporary.newSubManager());
            NDArray written = written(sender, temporary);
            Set<Integer> positions = positions();
            for (int l = sender.layer() + 1; l < receivers().layers(); l++) {
                HookSite site = HookSite.of(kind, l);
                moved.put(site, moved(written, site, temporary));
                for (int h = 0; h < receivers().heads(); h++) {
                    Region region = new Region(Set.of(h), positions, null);
                    String label = sender.label() + " into " + l + "." + h;
                    cells.add(new SweepCell(label, List.of(new Intervention.Patch(site, region, moved))));
                }
            }
            if (cells.isEmpty()) {
                return new double[0];
            }
            String name = "direct paths from " + sender.label();
            ResumableSweep.Outcome outcome =
                    new ResumableSweep(context, progress, name, values -> {}).run(base, cells, pair.metric());
            receipts.add(List.of(outcome.receipts().summary("sender added", "blocks.*." + kind.path())));
            return outcome.values();
        }
    }

    private @Nullable Set<Integer> positions() {
        int from = context.model().config().attention().causal() ? pair.base().firstDifference(pair.other()) : 0;
        return from == 0
                ? null
                : IntStream.range(from, pair.base().length()).boxed().collect(Collectors.toSet());
    }

    /** What the sender would write more: {@code (z_clean - z_corrupt) W_O [1, pos, d_model]}. */
    private NDArray written(MaskUnit sender, NDManager temporary) {
        HookSite site = HookSite.of(SiteKind.Z, sender.layer());
        NDIndex head = new NDIndex().addAllDim().addAllDim().addIndices(sender.head());
        NDArray change = Alias.of(clean.cache().get(site), temporary)
                .get(head)
                .sub(corrupt.cache().get(site).get(temporary, head));
        int width = context.model().config().dims().dHead();
        AttentionWeights weights =
                context.model().weights().blocks().get(sender.layer()).attention();
        NDArray output = Alias.of(weights.o().weight(), temporary)
                .get(new NDIndex().addAllDim().addSliceDim((long) sender.head() * width, (sender.head() + 1L) * width));
        return change.matMul(output.transpose());
    }

    /** The projection of the corrupt run with the sender's share on top: {@code [1, pos, head, d_head]}. */
    private NDArray moved(NDArray written, HookSite site, NDManager temporary) {
        AttentionWeights weights =
                context.model().weights().blocks().get(site.layer()).attention();
        NDArray weight =
                switch (kind) {
                    case Q -> weights.q().weight();
                    case K -> weights.k().weight();
                    default -> weights.v().weight();
                };
        NDArray old = Alias.of(corrupt.cache().get(site), temporary);
        NDArray added = normed(written, site.layer(), temporary)
                .matMul(Alias.of(weight, temporary).transpose());
        return old.add(added.reshape(old.getShape()));
    }

    /** Through the first norm of a block, linearly. */
    private NDArray normed(NDArray x, int layer, NDManager temporary) {
        NormWeights norm = context.model().weights().blocks().get(layer).norms().ln1();
        HookSite scale = HookSite.of(SiteKind.LN1_SCALE, layer);
        if (norm == null || !corrupt.cache().has(scale)) {
            return x;
        }
        boolean centred = context.model().config().block().norm().kind() == NormSpec.Kind.LAYER;
        NDArray y = centred ? x.sub(x.mean(new int[] {2}, true)) : x;
        y = y.div(Alias.of(corrupt.cache().get(scale), temporary));
        return norm.weight() == null ? y : y.mul(Alias.of(norm.weight(), temporary));
    }

    @Override
    public void close() {
        clean.close();
        corrupt.close();
    }
}
