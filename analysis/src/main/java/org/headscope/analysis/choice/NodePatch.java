package org.headscope.analysis.choice;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Questions of equal length, clean and corrupt, whose corrupt run gets the clean output of some parts at the last token. */
final class NodePatch implements AutoCloseable {
    private final AnalysisContext context;
    private final List<EncodedExample> examples;
    private final RunResult clean;
    private final RunResult corrupt;

    /** Which later parts see what was put in. */
    enum Path {
        /** None: heads and MLPs are frozen at the corrupt run, and only the final norm is computed anew. */
        DIRECT,
        /** All. */
        TOTAL
    }

    NodePatch(AnalysisContext context, List<EncodedExample> examples) {
        this.context = context;
        this.examples = examples;
        this.clean = context.model().run(everything(EncodedExample::clean));
        try {
            this.corrupt = context.model().run(everything(EncodedExample::corrupt));
        } catch (Throwable e) {
            clean.close();
            throw e;
        }
    }

    private RunRequest everything(Function<EncodedExample, int[]> which) {
        return StandingRun.of(context, tokens(which))
                .capture(sites())
                .lastLogits()
                .build();
    }

    private TokenBatch tokens(Function<EncodedExample, int[]> which) {
        return TokenBatch.of(examples.stream().map(which).toArray(int[][]::new));
    }

    private List<HookSite> sites() {
        List<HookSite> sites = new ArrayList<>();
        for (int l = 0; l < context.model().config().dims().layers(); l++) {
            sites.add(HookSite.of(SiteKind.Z, l));
            sites.add(HookSite.of(SiteKind.MLP_OUT, l));
        }
        return sites.stream().filter(context.model().sites()::has).toList();
    }

    float[] cleanLogits() {
        return clean.logits().toFloatArray();
    }

    float[] corruptLogits() {
        return corrupt.logits().toFloatArray();
    }

    /** Logits at the last token, {@code [prompt * vocab]}. */
    float[] patched(List<MaskUnit> units, Path path, List<Receipt> receipts) {
        List<Intervention> all = new ArrayList<>();
        if (path == Path.DIRECT) {
            all.add(new Intervention.Freeze(new HashSet<>(sites()), corrupt.cache()));
        }
        all.addAll(patches(units, clean.cache()));
        RunRequest request = StandingRun.of(context, tokens(EncodedExample::corrupt))
                .edits(new Interventions(context.model().config()).compile(all))
                .lastLogits()
                .build();
        try (RunResult run = context.model().run(request)) {
            run.receipts().stream()
                    .filter(receipt -> receipt.label().startsWith("patch"))
                    .forEach(receipts::add);
            return run.logits().toFloatArray();
        }
    }

    private List<Intervention> patches(List<MaskUnit> units, ActivationCache from) {
        Set<Integer> last = Set.of(examples.get(0).length() - 1);
        Map<Integer, Set<Integer>> heads = new TreeMap<>();
        units.stream().filter(unit -> unit.kind() == MaskUnit.Kind.HEAD).forEach(unit -> heads.computeIfAbsent(
                        unit.layer(), layer -> new TreeSet<>())
                .add(unit.head()));
        Stream<Intervention> ofHeads = heads.entrySet().stream()
                .map(entry -> new Intervention.Patch(
                        HookSite.of(SiteKind.Z, entry.getKey()), new Region(entry.getValue(), last, null), from));
        Stream<Intervention> ofMlps = units.stream()
                .filter(unit -> unit.kind() == MaskUnit.Kind.MLP)
                .map(unit -> new Intervention.Patch(
                        HookSite.of(SiteKind.MLP_OUT, unit.layer()), new Region(null, last, null), from));
        return Stream.concat(ofHeads, ofMlps).toList();
    }

    @Override
    public void close() {
        clean.close();
        corrupt.close();
    }
}
