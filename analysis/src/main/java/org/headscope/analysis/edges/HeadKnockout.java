package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.config.Dims;
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

/**
 * The logit differences of some pairs on their clean prompts, without some heads: z of these is replaced by values of
 * corrupt prompts. What was run once is not run again. Close it to free the values.
 */
final class HeadKnockout implements AutoCloseable {
    private static final int TOKENS_AT_ONCE = 8192;

    private final AnalysisContext context;
    private final Dims dims;
    private final Progress progress;
    private final List<Group> groups = new ArrayList<>();
    private final List<RunResult> owners = new ArrayList<>();
    private final Map<BitSet, double[]> known = new HashMap<>();
    private final Map<String, ReceiptSummary> receipts = new LinkedHashMap<>();

    /** Pairs whose positions line up, with the values that heads are replaced by. */
    private record Group(Contrast.Batch pairs, ActivationCache values) {}

    private record Form(int length, List<Integer> changed) {
        private static Form of(Contrast pair) {
            List<Integer> changed = IntStream.range(0, pair.clean().length)
                    .filter(p -> pair.clean()[p] != pair.corrupt()[p])
                    .boxed()
                    .toList();
            return new Form(pair.clean().length, changed);
        }
    }

    private HeadKnockout(AnalysisContext context, Progress progress) {
        this.context = context;
        this.dims = context.model().config().dims();
        this.progress = progress;
    }

    /** Heads are replaced by what they write on the corrupt twin of the same pair. */
    static HeadKnockout resampled(AnalysisContext context, ContrastSet pairs, Progress progress) {
        HeadKnockout knockout = new HeadKnockout(context, progress);
        return knockout.filled(() -> pairs.batches().forEach(batch -> {
            RunResult run = knockout.run(batch.corrupt());
            knockout.groups.add(new Group(batch, run.cache()));
        }));
    }

    /**
     * Heads are replaced by their mean, position by position, over those corrupt prompts of {@code references} that have as
     * many tokens as the pair and differ from their clean twins at the same places. Pairs without enough of them are left
     * out.
     *
     * @param least how many references a pair needs
     */
    static HeadKnockout averaged(
            AnalysisContext context, ContrastSet pairs, ContrastSet references, int least, Progress progress) {
        HeadKnockout knockout = new HeadKnockout(context, progress);
        Map<Form, List<Contrast>> others = byForm(references);
        knockout.filled(() -> byForm(pairs).forEach((form, own) -> {
            List<Contrast> other = others.getOrDefault(form, List.of());
            if (other.size() >= least) {
                ActivationCache means = knockout.means(other.subList(0, Math.min(other.size(), most(form, least))));
                int step = most(form, 1);
                for (int from = 0; from < own.size(); from += step) {
                    var batch = new Contrast.Batch(own.subList(from, Math.min(own.size(), from + step)));
                    knockout.groups.add(new Group(batch, means));
                }
            }
        }));
        if (knockout.groups.isEmpty()) {
            knockout.close();
            throw new TaskException(
                    "There are not " + least + " reference prompts for any example that have as many tokens"
                            + " and change at the same places, so there is no mean to take. Draw more references, or resample.");
        }
        return knockout;
    }

    /** How many prompts of a form go through the model together. */
    private static int most(Form form, int least) {
        return Math.max(least, TOKENS_AT_ONCE / form.length());
    }

    private ActivationCache means(List<Contrast> references) {
        RunResult run = run(new Contrast.Batch(references).corrupt());
        ActivationCache means = run.cache().mean(true);
        run.cache().close();
        return means;
    }

    private static Map<Form, List<Contrast>> byForm(ContrastSet set) {
        return set.batches().stream()
                .flatMap(batch -> batch.members().stream())
                .collect(Collectors.groupingBy(Form::of, LinkedHashMap::new, Collectors.toList()));
    }

    private HeadKnockout filled(Runnable fill) {
        try {
            fill.run();
            return this;
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private RunResult run(TokenBatch tokens) {
        RunRequest.Builder request = StandingRun.of(context, tokens).lastLogits();
        IntStream.range(0, dims.layers()).forEach(layer -> request.capture(HookSite.of(SiteKind.Z, layer)));
        RunResult run = context.model().run(request.build());
        owners.add(run);
        return run;
    }

    /** {@return how many pairs are asked} */
    int size() {
        return groups.stream().mapToInt(group -> group.pairs.size()).sum();
    }

    /** {@return how many sets of heads were run} */
    int runs() {
        return known.size();
    }

    /**
     * Asks all pairs.
     *
     * @param heads the heads to replace, head {@code h} of layer {@code l} as {@code l * heads + h}
     * @return the logit difference of every pair, always in the same order
     */
    double[] without(BitSet heads) {
        double[] found = known.get(heads);
        if (found == null) {
            progress.checkCancelled();
            found = groups.stream()
                    .flatMapToDouble(group -> Arrays.stream(ask(group, heads)))
                    .toArray();
            known.put((BitSet) heads.clone(), found);
        }
        return found;
    }

    /** The mean of {@link #without}. */
    double mean(BitSet heads) {
        return EdgeMeans.mean(without(heads));
    }

    private double[] ask(Group group, BitSet heads) {
        RunRequest request = StandingRun.of(context, group.pairs.clean())
                .edits(new Interventions(context.model().config()).compile(patches(group, heads)))
                .lastLogits()
                .build();
        try (RunResult run = context.model().run(request)) {
            run.receipts().forEach(this::note);
            return group.pairs.differences(run.logits().toFloatArray());
        }
    }

    private List<Intervention> patches(Group group, BitSet heads) {
        List<Intervention> patches = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            int first = layer * dims.heads();
            BitSet own = heads.get(first, first + dims.heads());
            if (!own.isEmpty()) {
                Region region = new Region(own.stream().boxed().collect(Collectors.toSet()), null, null);
                patches.add(new Intervention.Patch(HookSite.of(SiteKind.Z, layer), region, group.values));
            }
        }
        return patches;
    }

    private void note(Receipt receipt) {
        ReceiptSummary one = new ReceiptSummary(
                receipt.label().startsWith("patch ") ? "heads replaced" : receipt.label(),
                receipt.site(),
                receipt.fired(),
                receipt.change(),
                "");
        receipts.merge(
                one.site() + " " + one.label(),
                one,
                (a, b) -> new ReceiptSummary(
                        a.label(),
                        a.site(),
                        a.fired() + b.fired(),
                        Math.max(a.changeMaxAbs(), b.changeMaxAbs()),
                        a.effect()));
    }

    /** {@return what acted in all runs so far} */
    List<ReceiptSummary> receipts() {
        return List.copyOf(receipts.values());
    }

    @Override
    public void close() {
        owners.forEach(RunResult::close);
        owners.clear();
        groups.clear();
    }
}
