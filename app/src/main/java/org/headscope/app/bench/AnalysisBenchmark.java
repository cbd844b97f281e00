package org.headscope.app.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.headscope.analysis.attribution.DirectLogitAttribution;
import org.headscope.analysis.patching.ActivationPatching;
import org.headscope.analysis.patching.AttributionPatching;
import org.headscope.analysis.patching.PatchSite;
import org.headscope.analysis.patching.PathPatching;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;

/** Times whole analyses, from prompts to panels, in plain forward passes of the same process. */
final class AnalysisBenchmark {
    private static final Prompt ANSWER = new Prompt.Ids(List.of(1000));
    private static final Prompt FOIL = new Prompt.Ids(List.of(2000));
    private static final int QUICK = 9;
    private static final int SLOW = 3;

    private final AnalysisContext context;
    private final Prompt clean;
    private final Prompt corrupt;
    private final double forward;

    /** {@code forward}: milliseconds of a plain forward pass with all logits. */
    AnalysisBenchmark(HookedTransformer model, TokenBatch clean, TokenBatch corrupt, double forward) {
        this.context =
                new AnalysisContext(model, new SessionPrompts(Session.of(model)), List.of(), 0, SweepJournal.none());
        this.clean = ids(clean);
        this.corrupt = ids(corrupt);
        this.forward = forward;
    }

    private static Prompt ids(TokenBatch tokens) {
        return new Prompt.Ids(Arrays.stream(tokens.ids()[0]).boxed().toList());
    }

    /** Every analysis is run once before it is timed. */
    List<BenchReport.Work> run(Consumer<String> progress) {
        var attribution = new ActivationPatching.Parameters(
                clean, corrupt, ANSWER, FOIL, PatchSite.HEAD_Z, ActivationPatching.Mode.DENOISE);
        var direct = new DirectLogitAttribution.Parameters(clean, ANSWER, FOIL, List.of(-1), true);
        int last = context.model().config().dims().layers() - 1;
        return List.of(
                time(progress, new Timed("attribution patching, all heads, z", QUICK, 4, () -> new AttributionPatching()
                        .run(context, attribution, Progress.none()))),
                time(progress, new Timed("direct logit attribution", QUICK, 1.3, () -> new DirectLogitAttribution()
                        .run(context, direct, Progress.none()))),
                time(
                        progress,
                        new Timed(
                                "path patching, all heads to the logits",
                                SLOW,
                                60,
                                () -> paths(PathPatching.Receiver.LOGITS, List.of()))),
                time(
                        progress,
                        new Timed(
                                "path patching, all heads to queries of " + last + ".0",
                                SLOW,
                                60,
                                () -> paths(PathPatching.Receiver.Q, List.of(last + ".0")))));
    }

    private void paths(PathPatching.Receiver receiver, List<String> heads) {
        var parameters = new PathPatching.Parameters(
                clean, corrupt, ANSWER, FOIL, receiver, heads, PathPatching.Mlps.RECOMPUTED, List.of());
        new PathPatching().run(context, parameters, Progress.none());
    }

    private record Timed(String name, int times, double goal, Runnable work) {}

    private BenchReport.Work time(Consumer<String> progress, Timed timed) {
        progress.accept(timed.name);
        timed.work.run();
        double[] millis = IntStream.range(0, timed.times)
                .mapToDouble(i -> {
                    long start = System.nanoTime();
                    timed.work.run();
                    return (System.nanoTime() - start) / 1e6;
                })
                .sorted()
                .toArray();
        double median = millis[millis.length / 2];
        return new BenchReport.Work(timed.name, median, median / forward, timed.goal);
    }
}
