package org.headscope.analysis.sparse;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskScore;
import org.headscope.analysis.task.WilsonInterval;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.ModelConfig;
import org.jspecify.annotations.Nullable;

/** Which chunks of a long text each head chooses to read, and what the model still finds when heads read nothing else. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class LongHeads implements Analysis<LongHeads.Parameters, Findings> {
    static final String EXAM = "Needles with chosen chunks";
    static final String ACCURACY = "Chance, by accuracy";
    static final String LOSS = "Chance, by loss";

    /**
     * Parameters.
     *
     * @param length most tokens of a text
     * @param chunk tokens of a chunk
     * @param budget tokens that each query reads
     * @param examples held-out questions
     * @param controls runs with random chunks
     */
    public record Parameters(
            @Param(
                            label = "Length",
                            unit = "tokens",
                            defaultValue = "0",
                            min = 0,
                            help = "Most tokens of a text; 0 for the whole context.")
                    int length,
            @Param(label = "Chunk", unit = "tokens", defaultValue = "16", min = 1, help = "Tokens of a chunk.")
                    int chunk,
            @Param(
                            label = "Budget",
                            unit = "tokens",
                            defaultValue = "96",
                            min = ChunkPlan.FIXED,
                            help =
                                    "Tokens that each query reads, a multiple of the chunk; shorter texts are read whole.")
                    int budget,
            @Param(label = "Examples", defaultValue = "50", min = 1, help = "Held-out questions.") int examples,
            @Param(label = "Controls", defaultValue = "9", min = 1, help = "Runs with random chunks.") int controls) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("long-heads", "LongHeads chunk choice", AnalysisInfo.Area.DETECT)
                .measures(
                        "Which chunks of a long text each head chooses to read, how often the needle's chunk is among "
                                + "them, and what the model finds when it reads the chosen chunks only.")
                .formula("inside a chunk, positions from 0: o = attention both ways; q_c = mean o; "
                        + "K_c = softmax(scale q_c k) k; score of a chunk = unrotated q . K_c; read are the first chunk, "
                        + "the two latest and the best others up to the budget, moved together without gaps")
                .source("Lu et al. 2402.10685 (LongHeads), code")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Representation, choice and moved positions are the authors'. Their code knows no grouped-query "
                                + "attention: here each query head chooses for itself, with the keys of its group. Without "
                                + "rotary positions chunks are chosen but not moved. Sizes are scaled to small models; "
                                + "the hit rate is by this project, read at the last token under full attention.")
                .cost(
                        "One forward per question for the choice, the full model, the chosen chunks and each control, with "
                                + "chunk scores on the processor.")
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
        return (double) parameters.examples() * (3 + parameters.controls());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        ModelConfig config = context.model().config();
        String refusal = ChunkAttention.refusal(config);
        if (refusal != null) {
            throw new HeadscopeException("LongHeads does not apply to this " + config.family() + " model: " + refusal
                    + ". Use retrieval-heads or head-detectors.");
        }
        ChunkPlan plan = new ChunkPlan(parameters.chunk(), parameters.budget());
        // Shorter texts are read whole, and say nothing about the choice.
        List<EncodedExample> questions = new PasskeyTexts(context, parameters.length())
                .questions(parameters.examples(), parameters.budget() + 2 * parameters.chunk());
        ChunkHits hits = new ChunkHits(context, plan);
        for (int i = 0; i < questions.size(); i++) {
            progress.checkCancelled();
            hits.read(questions.get(i));
            progress.report(i + 1L, questions.size(), "choosing chunks");
        }
        Exam exam = new Exam(config, new EditedExam(context, questions, progress), plan, context.seed());
        List<Panel> panels = new ArrayList<>();
        panels.add(hits.rate(context.seed()));
        panels.add(hits.best(context.seed()));
        HeadPositionGrid choice = hits.choice();
        if (choice != null) {
            panels.add(choice);
        }
        panels.addAll(exam.panels(parameters.controls()));
        return Findings.of(
                panels,
                Stream.concat(hits.receipts().stream(), exam.edited().receipts().stream())
                        .distinct()
                        .toList());
    }

    /** The same questions with whole texts, chosen chunks and random ones. */
    record Exam(ModelConfig config, EditedExam edited, ChunkPlan plan, long seed) {
        List<Panel> panels(int controls) {
            List<List<Object>> rows = new ArrayList<>();
            row(
                    rows,
                    "full attention",
                    TaskExam.score(
                            edited.ask("asking, full attention", List::of).answers()));
            TaskScore chosen = row(rows, "chosen chunks", score(null));
            double[] accuracies = new double[controls];
            double[] losses = new double[controls];
            for (int i = 0; i < controls; i++) {
                TaskScore control = row(rows, "random chunks " + (i + 1), score(seed + i));
                accuracies[i] = control.accuracy();
                losses[i] = -control.loss();
            }
            return List.of(
                    new Table(EXAM, COLUMNS, rows),
                    new ControlTest(chosen.accuracy(), accuracies).table(ACCURACY, "accuracy"),
                    new ControlTest(-chosen.loss(), losses).table(LOSS, "nats below zero"));
        }

        private TaskScore score(@Nullable Long random) {
            ChunkAttention attention = new ChunkAttention(config, plan, random);
            String what = random == null ? "asking, chosen chunks" : "asking, random chunks";
            return TaskExam.score(edited.ask(what, attention::edits).answers());
        }

        private static final List<Table.Column> COLUMNS = List.of(
                Table.Column.text("run"),
                Table.Column.number("accuracy", ""),
                Table.Column.number("lower", ""),
                Table.Column.number("upper", ""),
                Table.Column.number("loss", "nats"),
                Table.Column.integer("examples"));

        private static TaskScore row(List<List<Object>> rows, String run, TaskScore score) {
            WilsonInterval interval = WilsonInterval.of(score.right(), score.examples());
            rows.add(
                    List.of(run, score.accuracy(), interval.lower(), interval.upper(), score.loss(), score.examples()));
            return score;
        }
    }
}
