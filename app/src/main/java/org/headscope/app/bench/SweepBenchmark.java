package org.headscope.app.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.runtime.NativeMemory;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.LogitDifference;
import org.headscope.hooks.sweep.PlainLoop;
import org.headscope.hooks.sweep.SweepCell;
import org.headscope.hooks.sweep.SweepEngine;
import org.headscope.hooks.sweep.SweepListener;
import org.headscope.hooks.sweep.SweepMetric;

/**
 * Times the sweeps that a person waits for on a model of GPT-2-small's shape with random weights: the 144-head grid, the
 * residual stream by layer and position, every head by position, and one toggle of a head mask.
 */
final class SweepBenchmark {
    private static final int TOKENS = 15;
    private static final int FORWARDS = 9;
    private static final int TOGGLES = 12;
    private static final long MIB = 1 << 20;

    private final HookedTransformer model;
    private final TokenBatch clean;
    private final TokenBatch corrupt;
    private final SweepMetric metric = new LogitDifference(1000, 2000);
    private final int sample;
    private final Consumer<String> progress;

    /** {@code sample}: every n-th cell of the by-position grid runs in the plain loop, which takes minutes otherwise. */
    SweepBenchmark(HookedTransformer model, int sample, Consumer<String> progress) {
        this.model = model;
        this.sample = sample;
        this.progress = progress;
        Random random = new Random(7);
        this.clean = TokenBatch.of(
                random.ints(TOKENS, 0, model.config().dims().vocab()).toArray());
        this.corrupt = TokenBatch.of(
                random.ints(TOKENS, 0, model.config().dims().vocab()).toArray());
    }

    /** {@return a model of GPT-2 small's shape with random weights} */
    static HookedTransformer gpt2SmallShape() {
        return RandomModel.of(RandomModel.gpt2(new Dims(12, 12, 12, 768, 64, 3072, 1024, 50257)), 1);
    }

    /** Runs everything; times are medians, in milliseconds. */
    BenchReport run() {
        long loaded = NativeMemory.residentBytes().orElse(0);
        NativeMemory.resetPeak();
        progress.accept("plain forward");
        double forward = medianForward();
        List<BenchReport.Row> rows = new ArrayList<>();
        try (RunResult source = model.run(RunRequest.of(clean)
                .capture(sites(SiteKind.Z))
                .capture(sites(SiteKind.RESID_PRE))
                .build())) {
            rows.add(compare("144 heads, z, all positions", heads(source), 8, 1));
            rows.add(compare("12 x 15 resid_pre", residuals(source), 12, 1));
            rows.add(compare("2160 heads by position, z", headsByPosition(source), 20, sample));
        }
        List<BenchReport.Work> analyses = new AnalysisBenchmark(model, clean, corrupt, forward).run(progress);
        progress.accept("mask toggles");
        double toggle = medianToggle();
        long peak = NativeMemory.peakResidentBytes().orElse(0);
        return new BenchReport(
                forward,
                rows,
                analyses,
                toggle,
                (peak - loaded) / MIB,
                NativeMemory.apply().reason());
    }

    private BenchReport.Row compare(String name, List<SweepCell> cells, double goal, int every) {
        progress.accept(name + ": sweep engine");
        double engine = engineMillis(cells);
        progress.accept(name + ": plain loop");
        List<SweepCell> sampled = new ArrayList<>();
        for (int i = 0; i < cells.size(); i += every) {
            sampled.add(cells.get(i));
        }
        double loop = millis(() -> new PlainLoop(model, corrupt, List.of()).run(sampled, metric));
        double again = engineMillis(cells);
        double scaled = loop * cells.size() / sampled.size();
        return new BenchReport.Row(name, cells.size(), sampled.size(), scaled, Math.min(engine, again), goal);
    }

    private double engineMillis(List<SweepCell> cells) {
        return millis(() -> {
            try (BaseRun base = BaseRun.of(model, corrupt, List.of())) {
                new SweepEngine().run(base, cells, metric, SweepListener.NONE);
            }
        });
    }

    private double medianForward() {
        double[] times = new double[FORWARDS];
        for (int i = -2; i < FORWARDS; i++) {
            double t = millis(() -> model.run(RunRequest.of(corrupt).build()).close());
            times[Math.max(i, 0)] = t;
        }
        return median(times);
    }

    /** Toggling one head on top of nine that are already off, spread over all layers. */
    private double medianToggle() {
        List<Intervention> off = new ArrayList<>();
        for (int l = 0; l < 9; l++) {
            off.add(ablate(l, l));
        }
        double[] times = new double[TOGGLES];
        try (BaseRun base = BaseRun.of(model, corrupt, List.of())) {
            for (int l = 0; l < TOGGLES; l++) {
                List<Intervention> mask = new ArrayList<>(off);
                mask.add(ablate(l, 11));
                SweepCell cell = new SweepCell("mask", mask);
                times[l] = millis(() -> new SweepEngine().run(base, List.of(cell), metric, SweepListener.NONE));
            }
        }
        return median(times);
    }

    private static Intervention ablate(int layer, int head) {
        return new Intervention.Ablate(new Target.Head(layer, head), new Ablation.Zero());
    }

    private List<SweepCell> heads(RunResult source) {
        return each(SiteKind.Z, (site, cells) -> {
            for (int h = 0; h < model.config().dims().heads(); h++) {
                cells.add(SweepCell.of(new Intervention.Patch(site, Region.head(h), source.cache())));
            }
        });
    }

    private List<SweepCell> residuals(RunResult source) {
        return each(SiteKind.RESID_PRE, (site, cells) -> {
            for (int p = 0; p < TOKENS; p++) {
                cells.add(SweepCell.of(new Intervention.Patch(site, Region.position(p), source.cache())));
            }
        });
    }

    private List<SweepCell> headsByPosition(RunResult source) {
        return each(SiteKind.Z, (site, cells) -> {
            for (int i = 0; i < TOKENS * model.config().dims().heads(); i++) {
                Region region = Region.headAt(
                        i % model.config().dims().heads(),
                        i / model.config().dims().heads());
                cells.add(SweepCell.of(new Intervention.Patch(site, region, source.cache())));
            }
        });
    }

    private List<SweepCell> each(SiteKind kind, BiConsumer<HookSite, List<SweepCell>> fill) {
        List<SweepCell> cells = new ArrayList<>();
        sites(kind).forEach(site -> fill.accept(site, cells));
        return cells;
    }

    private List<HookSite> sites(SiteKind kind) {
        return model.sites().all().stream().filter(site -> site.kind() == kind).toList();
    }

    private static double millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
