package org.headscope.analysis.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.TokenSeries;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.TaskScore;
import org.headscope.analysis.task.WilsonInterval;

/** The same texts and questions under several masks. */
final class Examination {
    private static final List<Table.Column> LOSS_COLUMNS = List.of(
            Table.Column.text("mask"),
            Table.Column.text("parts"),
            Table.Column.integer("tokens"),
            Table.Column.number("mean loss", "nats"),
            Table.Column.number("perplexity", ""),
            Table.Column.number("rise of the loss", "nats"));
    private static final List<Table.Column> TASK_COLUMNS = List.of(
            Table.Column.text("task"),
            Table.Column.text("mask"),
            Table.Column.integer("right"),
            Table.Column.integer("examples"),
            Table.Column.number("accuracy", ""),
            Table.Column.number("95 % from", ""),
            Table.Column.number("95 % to", ""),
            Table.Column.number("mean loss", "nats"),
            Table.Column.integer("seed of the examples"));
    private static final List<Table.Column> CHANCE_COLUMNS = List.of(
            Table.Column.text("what is lost"),
            Table.Column.number("with the mask", ""),
            Table.Column.number("mean of random masks", ""),
            Table.Column.number("p", ""),
            Table.Column.integer("random masks"));

    private final AnalysisContext context;
    private final List<Candidate> candidates;
    private final MaskEvaluation.Parameters parameters;
    private final Progress progress;
    private final List<Panel> panels = new ArrayList<>();
    private final List<List<Object>> tasks = new ArrayList<>();
    private final List<List<Object>> chance = new ArrayList<>();
    private final List<ReceiptSummary> receipts = new ArrayList<>();

    Examination(
            AnalysisContext context,
            List<Candidate> candidates,
            MaskEvaluation.Parameters parameters,
            Progress progress) {
        this.context = context;
        this.candidates = candidates;
        this.parameters = parameters;
        this.progress = progress;
    }

    void read(TextLoss text) {
        double[] means = new double[candidates.size()];
        double[][] first = new double[candidates.size()][];
        long total = (long) text.pieces() * candidates.size();
        for (int c = 0; c < candidates.size(); c++) {
            double sum = 0;
            for (int piece = 0; piece < text.pieces(); piece++) {
                progress.checkCancelled();
                progress.report((long) c * text.pieces() + piece, total, "reading the text");
                double[] losses = text.of(context.model(), piece, candidates.get(c));
                first[c] = piece == 0 ? losses : Objects.requireNonNull(first[c]);
                sum += Arrays.stream(losses).skip(1).sum();
            }
            means[c] = sum / text.tokens();
        }
        panels.add(losses(text, means));
        panels.add(new TokenSeries(
                MaskEvaluation.TOKENS,
                Quantity.unsigned("loss", "nats"),
                Grid.of(
                        Axis.labelled(
                                Axis.SERIES,
                                candidates.stream().map(Candidate::label).toList()),
                        Axis.positions(text.firstTokens()),
                        first)));
        compare("loss on the text (nats)", -1, means);
        panels.forEach(progress::partial);
    }

    private Table losses(TextLoss text, double[] means) {
        List<List<Object>> rows = new ArrayList<>();
        for (int c = 0; c < means.length; c++) {
            Candidate one = candidates.get(c);
            rows.add(List.of(
                    one.label(), one.parts(), text.tokens(), means[c], Math.exp(means[c]), means[c] - means[0]));
        }
        return new Table(MaskEvaluation.LOSS, LOSS_COLUMNS, rows);
    }

    void askTasks() {
        TaskEncoder encoder = parameters.tasks().isEmpty()
                ? null
                : TaskEncoder.of(context.model(), context.prompts().bos());
        if (encoder == null) {
            return;
        }
        boolean every = parameters.tasks().contains(MaskEvaluation.EVERY_TASK);
        List<TaskGenerator> asked = every
                ? TaskRegistry.all()
                : parameters.tasks().stream()
                        .map(String::strip)
                        .map(TaskRegistry::require)
                        .toList();
        for (int t = 0; t < asked.size(); t++) {
            progress.report(t, asked.size(), asked.get(t).info().title());
            try {
                ask(asked.get(t), encoder.draw(asked.get(t), parameters.split(), parameters.count(), context.seed()));
            } catch (TaskException e) {
                if (!every) {
                    throw e;
                }
            }
        }
        if (tasks.isEmpty()) {
            throw new TaskException("This tokenizer has the words of no task. Give a text instead.");
        }
        panels.add(new Table(MaskEvaluation.ACCURACY, TASK_COLUMNS, tasks));
    }

    private void ask(TaskGenerator task, List<EncodedExample> examples) {
        double[] accuracy = new double[candidates.size()];
        for (int c = 0; c < accuracy.length; c++) {
            TaskExam exam = new TaskExam(context.model(), candidates.get(c).interventions());
            TaskExam.Outcome outcome = exam.examine(examples, new Listening(progress));
            outcome.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
            TaskScore score = TaskExam.score(outcome.answers());
            accuracy[c] = score.accuracy();
            tasks.add(row(task, candidates.get(c), score));
        }
        compare("accuracy, " + task.info().id(), 1, accuracy);
        progress.partial(new Table(MaskEvaluation.ACCURACY, TASK_COLUMNS, tasks));
    }

    private List<Object> row(TaskGenerator task, Candidate under, TaskScore score) {
        WilsonInterval interval = WilsonInterval.of(score.right(), score.examples());
        return List.of(
                task.info().id(),
                under.label(),
                score.right(),
                score.examples(),
                score.accuracy(),
                interval.lower(),
                interval.upper(),
                score.loss(),
                context.seed());
    }

    /** What falls from the first candidate to the others; {@code sign} is -1 for what is better when small. */
    private void compare(String what, int sign, double[] values) {
        if (values.length > 2) {
            double[] lost = Arrays.stream(values)
                    .skip(2)
                    .map(value -> sign * (values[0] - value))
                    .toArray();
            ControlTest test = new ControlTest(sign * (values[0] - values[1]), lost);
            chance.add(List.of(what, test.effect(), test.meanOfControls(), test.p(), lost.length));
        }
    }

    Findings findings() {
        if (!chance.isEmpty()) {
            panels.add(new Table(MaskEvaluation.CHANCE, CHANCE_COLUMNS, chance));
        }
        return Findings.of(panels, receipts);
    }

    /** Passes on only the wish to stop: an exam counts its own examples. */
    private record Listening(Progress whole) implements Progress {
        @Override
        public void report(long done, long total, String message) {}

        @Override
        public boolean isCancelled() {
            return whole.isCancelled();
        }

        @Override
        public void partial(Panel panel) {}
    }
}
