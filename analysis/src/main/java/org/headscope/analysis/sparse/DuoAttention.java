package org.headscope.analysis.sparse;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.StreamingWindow;

/** Which key-value heads need their full attention, by gates learned on the frozen model. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class DuoAttention implements Analysis<DuoAttention.Parameters, Findings> {
    static final String CHOSEN = "Heads that keep full attention";

    /** Teacher and student forward, and about two forwards' work backward. */
    private static final int FORWARDS_PER_STEP = 4;

    private static final int RETRIEVAL_RUNS = 30;

    /**
     * Parameters.
     *
     * @param length most tokens of a text
     * @param sink first tokens that streaming heads see
     * @param recent latest tokens that streaming heads see
     * @param steps how many steps the gates are trained
     * @param rate highest learning rate
     * @param weight of the mean gate in the loss
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
                            help = "How many first tokens streaming heads see.")
                    int sink,
            @Param(
                            label = "Recent",
                            unit = "tokens",
                            defaultValue = "32",
                            min = 1,
                            help = "How many latest tokens streaming heads see.")
                    int recent,
            @Param(label = "Steps", defaultValue = "200", min = 1, help = "Training steps, one text each.") int steps,
            @Param(label = "Learning rate", defaultValue = "0.02", min = 0, help = "Highest learning rate.")
                    double rate,
            @Param(
                            label = "Penalty",
                            defaultValue = "0.05",
                            min = 0,
                            help = "Weight of the mean gate in the loss, lambda in the paper.")
                    double weight,
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
        return AnalysisInfo.of("duo-attention", "DuoAttention gates", AnalysisInfo.Area.DETECT)
                .measures("Which key-value heads need their full attention to answer questions about a long text, and "
                        + "which can do with the first and the latest tokens.")
                .formula(
                        "z = alpha z_teacher + (1 - alpha) z_streaming per key-value head; loss = mean (H_teacher - H)^2 "
                                + "over the question and answer block + lambda mean |alpha|, H behind the final norm; AdamW, "
                                + "alpha from 1 and within 0 to 1; full when alpha >= its quantile at the sparsity")
                .source("Xiao et al. 2410.10819 (DuoAttention), paper and code")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Gates, loss, schedule and choice are the authors'. The data are not: three secrets in generated "
                                + "sentences in place of ten passkeys in books, lengths, windows and steps scaled to small "
                                + "models, random choices drawn from all heads. Gates depend on lambda and on the number "
                                + "of steps.")
                .cost(
                        "Two forwards and one backward per step; one forward per question for the full model, the choice, "
                                + "all streaming and each control.")
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
        return (double) FORWARDS_PER_STEP * parameters.steps()
                + (3.0 + parameters.controls()) * parameters.examples()
                + RETRIEVAL_RUNS;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        StreamingWindow window = new StreamingWindow(parameters.sink(), parameters.recent());
        PasskeyTexts texts = new PasskeyTexts(context, parameters.length());
        var training = new GateTraining(context, window, new GateTraining.Pace(parameters.rate(), parameters.weight()));
        double[] gates = training.run(texts.samples(parameters.steps()), progress);
        Dims dims = context.model().config().dims();
        KvChoice choice = KvChoice.of(gates, parameters.sparsity(), context.seed());
        var exam = new StreamingExam(context, texts.questions(parameters.examples()), window, progress);
        List<Panel> panels = new ArrayList<>();
        panels.add(GateTraining.grid(dims, gates));
        panels.add(chosen(dims, choice));
        panels.add(training.curve());
        panels.addAll(exam.compare(choice, parameters.controls()));
        panels.add(new RetrievalAgreement(context, texts.longest(), progress).table(gates, choice));
        List<ReceiptSummary> receipts = Stream.concat(training.receipts().stream(), exam.receipts().stream())
                .toList();
        return Findings.of(panels, receipts);
    }

    static HeadGrid chosen(Dims dims, KvChoice choice) {
        double[] values = IntStream.range(0, choice.full().length)
                .mapToDouble(i -> choice.full()[i] ? 1 : 0)
                .toArray();
        Grid grid = Grid.of(List.of(Axis.layers(dims.layers()), Axis.kvHeads(dims.kvHeads())), values);
        return new HeadGrid(CHOSEN, Quantity.unsigned("1 full, 0 streaming", ""), grid);
    }
}
