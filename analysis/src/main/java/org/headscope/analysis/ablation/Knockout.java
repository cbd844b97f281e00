package org.headscope.analysis.ablation;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/** Switches heads off while the examples of a task are asked, in one of six ways; knows what has to be run before that. */
final class Knockout implements AutoCloseable {
    static final String HOW = "How heads are switched off";

    private final AnalysisContext context;
    private final Options options;
    private final Progress progress;
    private final @Nullable TaskReference reference;
    private final String words;

    /**
     * What was asked for.
     *
     * @param mode in which way
     * @param set reference prompts of modes mean and resample
     * @param averaging which of them stand in for which position
     * @param count how many are drawn; of a neutral set, for every template
     * @param gate factor of mode gate
     */
    record Options(KnockoutMode mode, ReferenceSet set, Averaging averaging, int count, double gate) {
        /** Forwards that are spent on reference prompts; of a neutral set, for each template. */
        double forwards() {
            return mode == KnockoutMode.MEAN ? count : 0;
        }

        /** Forwards for one example under one mask. */
        int perExample() {
            return mode == KnockoutMode.RESAMPLE || mode == KnockoutMode.PATTERN_PRESERVING ? 2 : 1;
        }
    }

    private Knockout(
            AnalysisContext context,
            Options options,
            Progress progress,
            @Nullable TaskReference reference,
            String words) {
        this.context = context;
        this.options = options;
        this.progress = progress;
        this.reference = reference;
        this.words = words;
    }

    /** Draws the reference prompts that are needed for some examples. */
    static Knockout of(
            AnalysisContext context,
            Options options,
            TaskGenerator task,
            List<EncodedExample> examples,
            Progress progress) {
        if (!options.mode.needsReference()) {
            return new Knockout(context, options, progress, null, "none");
        }
        if (options.mode == KnockoutMode.RESAMPLE && options.averaging == Averaging.GLOBAL) {
            throw ParameterException.refused(
                    "average", "global", "position or template: resampling puts whole prompts in place of others");
        }
        TaskEncoder encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        // Not the seed of the examples: a reference prompt need not be one of them.
        List<ReferenceSet.Prompt> prompts =
                options.set.draw(encoder, task, examples, options.count, context.seed() + 1);
        TaskReference reference = new TaskReference(context, options.averaging, prompts);
        String verb = options.mode == KnockoutMode.MEAN ? "mean over " : "one prompt drawn from ";
        String words = verb + options.set.words(task, prompts.size()) + "; " + options.averaging.words()
                + (options.averaging == Averaging.GLOBAL ? "" : ", at least " + reference.fewest() + " each");
        return new Knockout(context, options, progress, reference, words);
    }

    /** What holds while heads are off. */
    interface Off {
        /** Switches heads off together; an empty set does nothing. */
        List<Intervention> heads(Collection<MaskUnit> heads);
    }

    /** Prepares a batch of examples of equal length. {@code owner} owns what is prepared. */
    Off prepare(List<EncodedExample> batch, NDManager owner) {
        return switch (options.mode) {
            case ZERO -> each(new Ablation.Zero());
            case GATE -> each(new Ablation.Gate(options.gate));
            case UNIFORM -> each(new Ablation.Uniform());
            case MEAN -> each(new Ablation.Mean(reference().means(batch, owner, progress), words));
            case RESAMPLE -> each(new Ablation.Resample(kept(reference().donors(batch), owner), words));
            case PATTERN_PRESERVING -> preserving(kept(patterns(batch), owner));
        };
    }

    private static Off each(Ablation how) {
        return heads -> heads.stream()
                .<Intervention>map(unit -> new Intervention.Ablate(new Target.Head(unit.layer(), unit.head()), how))
                .toList();
    }

    /** Heads write zero; every layer above the lowest of them looks where it looked in the full model. */
    private Off preserving(ActivationCache patterns) {
        int layers = context.model().config().dims().layers();
        Off zero = each(new Ablation.Zero());
        return heads -> {
            List<Intervention> all = new ArrayList<>(zero.heads(heads));
            Set<HookSite> later = new TreeSet<>();
            int lowest = heads.stream().mapToInt(MaskUnit::layer).min().orElse(layers);
            for (int layer = lowest + 1; layer < layers; layer++) {
                later.add(HookSite.of(SiteKind.PATTERN, layer));
            }
            if (!later.isEmpty()) {
                all.add(new Intervention.Freeze(later, patterns));
            }
            return all;
        };
    }

    private RunResult patterns(List<EncodedExample> batch) {
        int layers = context.model().config().dims().layers();
        List<HookSite> sites = new ArrayList<>();
        for (int layer = 1; layer < layers; layer++) {
            sites.add(HookSite.of(SiteKind.PATTERN, layer));
        }
        int[][] ids = batch.stream().map(EncodedExample::clean).toArray(int[][]::new);
        return context.model()
                .run(StandingRun.of(context, TokenBatch.of(ids))
                        .capture(sites)
                        .lastLogits()
                        .build());
    }

    /** What a run kept, moved to an owner that lives longer. */
    private static ActivationCache kept(RunResult run, NDManager owner) {
        try (run) {
            ActivationCache mine = new ActivationCache(owner.newSubManager());
            run.cache().sites().forEach(site -> mine.put(site, run.cache().get(site)));
            return mine;
        }
    }

    private TaskReference reference() {
        if (reference == null) {
            throw new IllegalStateException(options.mode + " without reference prompts");
        }
        return reference;
    }

    /** Mode, site, reference set and positions, in one row. */
    Table table(String together) {
        String mode = options.mode.label();
        return new Table(
                HOW,
                List.of(
                        Table.Column.text("mode"),
                        Table.Column.text("site"),
                        Table.Column.text("reference"),
                        Table.Column.text("positions"),
                        Table.Column.text("heads")),
                List.of(List.of(
                        options.mode == KnockoutMode.GATE ? mode + " " + options.gate : mode,
                        options.mode.site(),
                        words,
                        "all",
                        together)));
    }

    @Override
    public void close() {
        if (reference != null) {
            reference.close();
        }
    }
}
