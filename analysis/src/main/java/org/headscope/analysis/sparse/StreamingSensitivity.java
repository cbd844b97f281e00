package org.headscope.analysis.sparse;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.StreamingWindow;
import org.headscope.hooks.run.FinalState;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.train.StreamingGates.Sample;

/** What happens to the last hidden states when a single key-value head streams. Needs no training. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class StreamingSensitivity implements Analysis<StreamingSensitivity.Parameters, Findings> {
    static final String TITLE = "Streaming sensitivity";

    /**
     * Parameters.
     *
     * @param length most tokens of a text
     * @param sink first tokens that a streaming head sees
     * @param recent latest tokens that a streaming head sees
     * @param texts how many texts
     * @param sparsity share of heads that are to stream
     * @param examples held-out questions that are asked then
     * @param controls random choices of as many heads
     */
    public record Parameters(
            @Param(
                            label = "Length",
                            unit = "tokens",
                            defaultValue = "0",
                            min = 0,
                            help = "Most tokens of a text; 0 for the whole context.")
                    int length,
            @Param(
                            label = "Sink",
                            unit = "tokens",
                            defaultValue = "4",
                            min = 0,
                            help = "How many first tokens a streaming head sees.")
                    int sink,
            @Param(
                            label = "Recent",
                            unit = "tokens",
                            defaultValue = "32",
                            min = 1,
                            help = "How many latest tokens a streaming head sees.")
                    int recent,
            @Param(label = "Texts", defaultValue = "16", min = 1, help = "How many texts with secrets are read.")
                    int texts,
            @Param(
                            label = "Sparsity",
                            defaultValue = "0.5",
                            min = 0,
                            max = 1,
                            help = "Share of key-value heads that are to stream.")
                    double sparsity,
            @Param(label = "Examples", defaultValue = "100", min = 1, help = "Held-out questions asked then.")
                    int examples,
            @Param(label = "Controls", defaultValue = "20", min = 1, help = "Random choices of as many heads.")
                    int controls) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("streaming-sensitivity", "Streaming sensitivity", AnalysisInfo.Area.DETECT)
                .measures(
                        "How far the last hidden states move when one key-value head sees only the first and the latest "
                                + "tokens.")
                .formula("mean over the question and answer block and over dimensions of (H - H_streaming)^2, H behind "
                        + "the final norm, one key-value head streaming at a time")
                .source("this project, with window and texts as in Xiao et al. 2410.10819")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Not DuoAttention: nothing is learned, and heads that stand in for each other all look "
                                + "unimportant, because only one streams at a time.")
                .cost("One forward per text and key-value head; then one forward per question for the full model, the "
                        + "choice, all streaming and each control.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean scoresHeads() {
        return true;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        Dims dims = context.model().config().dims();
        return parameters.texts() * (1.0 + dims.layers() * dims.kvHeads())
                + (3.0 + parameters.controls()) * parameters.examples();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        StreamingWindow window = new StreamingWindow(parameters.sink(), parameters.recent());
        PasskeyTexts texts = new PasskeyTexts(context, parameters.length());
        Dims dims = context.model().config().dims();
        SampledHeads moved = new SampledHeads(dims.layers(), Axis.kvHeads(dims.kvHeads()));
        Probe probe = new Probe(context, window, new LinkedHashMap<>());
        for (Sample sample : texts.samples(parameters.texts())) {
            moved.add(probe.distances(sample, progress));
            progress.report(moved.size(), parameters.texts(), "texts read");
        }
        KvChoice choice = KvChoice.of(moved.mean(), parameters.sparsity(), context.seed());
        var exam = new StreamingExam(context, texts.questions(parameters.examples()), window, progress);
        List<Panel> panels = new ArrayList<>();
        panels.add(moved.grid(TITLE, Quantity.unsigned("mean squared change", ""), context.seed()));
        panels.add(DuoAttention.chosen(dims, choice));
        panels.addAll(exam.compare(choice, parameters.controls()));
        return Findings.of(
                panels,
                Stream.concat(probe.receipts().values().stream(), exam.receipts().stream())
                        .toList());
    }

    /** Lets one key-value head after the other stream. */
    record Probe(AnalysisContext context, StreamingWindow window, Map<String, ReceiptSummary> receipts) {
        /** One distance per key-value head, layer after layer. */
        double[] distances(Sample sample, Progress progress) {
            Dims dims = context.model().config().dims();
            double[] distances = new double[dims.layers() * dims.kvHeads()];
            float[] full = state(sample, List.of());
            for (int i = 0; i < distances.length; i++) {
                progress.checkCancelled();
                boolean[] rest = KvChoice.all(distances.length, true).full();
                rest[i] = false;
                float[] streaming = state(sample, new KvChoice(rest).interventions(dims, window));
                for (int j = 0; j < full.length; j++) {
                    double by = (double) full[j] - streaming[j];
                    distances[i] += by * by / full.length;
                }
            }
            return distances;
        }

        /** The last hidden states that count, {@code [rows * d_model]}. */
        private float[] state(Sample sample, List<Intervention> streaming) {
            FinalState state = FinalState.of(context.model());
            RunRequest request = StandingRun.of(context, TokenBatch.of(sample.ids()))
                    .edits(new Interventions(context.model().config()).compile(streaming))
                    .capture(state.site())
                    .logitsFrom(sample.from())
                    .build();
            try (RunResult run = context.model().run(request)) {
                run.receipts().forEach(one -> receipts.putIfAbsent(one.label(), ReceiptSummary.of(one)));
                return state.read(run.cache().get(state.site()), sample.ids().length - sample.from())
                        .toFloatArray();
            }
        }
    }
}
