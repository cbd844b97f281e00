package org.headscope.analysis.task;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;

/** How many questions of a task a model answers, with the active mask in place. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class TaskAccuracy implements Analysis<TaskAccuracy.Parameters, Findings> {
    /** Title of the table with the score, in one row. */
    public static final String SCORE = "Accuracy";
    /** Title of the table of wrong answers, in the order in which they were drawn. */
    public static final String WRONG = "Wrong answers";

    private static final int WRONG_SHOWN = 20;
    private static final int PROMPT_END = 80;
    private static final int ANSWERS_SHOWN = 3;

    /**
     * Parameters.
     *
     * @param task id of what is asked
     * @param split which part of its examples
     * @param count how many of them
     */
    public record Parameters(
            @Param(label = "Task", choices = TaskRegistry.Ids.class, help = "What is asked.") String task,
            @Param(
                            label = "Examples from",
                            defaultValue = "held-out",
                            help = "Held-out: combinations of words that the bundled model never learned from."
                                    + " Train: all others.")
                    Split split,
            @Param(
                            label = "Examples",
                            min = 1,
                            max = 100_000,
                            defaultValue = "200",
                            help = "How many questions are asked.")
                    int count) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("task-accuracy", "Task accuracy", AnalysisInfo.Area.TASK)
                .measures("How many questions of a task the model answers with its likeliest next token, and what it"
                        + " says where it is wrong.")
                .formula("accuracy p = right / n, right when the likeliest next token is a right answer; "
                        + "loss = mean of -log of the probability of all right answers together, in nats; "
                        + "interval at 95 %: (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.96")
                .source("Wilson 1927, J. Am. Stat. Assoc. 22 (interval); every task names its own paper")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Examples are generated from words that are single tokens of this tokenizer, so other models"
                                + " are asked other words. The interval covers the choice of examples only.")
                .cost("One forward per example, those of equal length together, with logits at the last position.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return parameters.count();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        TaskExam exam = new TaskExam(context.model(), context.standing());
        TaskEncoder encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        progress.report(0, parameters.count(), "drawing examples");
        List<EncodedExample> examples = encoder.draw(
                TaskRegistry.require(parameters.task()), parameters.split(), parameters.count(), context.seed());
        TaskExam.Outcome outcome = exam.examine(examples, progress);
        return Findings.of(
                List.of(score(parameters, TaskExam.score(outcome.answers())), wrong(context, examples, outcome)),
                outcome.receipts().stream().map(ReceiptSummary::of).toList());
    }

    private static Table score(Parameters asked, TaskScore score) {
        WilsonInterval interval = WilsonInterval.of(score.right(), score.examples());
        return new Table(
                SCORE,
                List.of(
                        Table.Column.text("task"),
                        Table.Column.text("examples from"),
                        Table.Column.integer("examples"),
                        Table.Column.integer("right"),
                        Table.Column.number("accuracy", ""),
                        Table.Column.number("95 % from", ""),
                        Table.Column.number("95 % to", ""),
                        Table.Column.number("mean loss", "nats")),
                List.of(List.of(
                        asked.task(),
                        asked.split().word(),
                        score.examples(),
                        score.right(),
                        score.accuracy(),
                        interval.lower(),
                        interval.upper(),
                        score.loss())));
    }

    private static Table wrong(AnalysisContext context, List<EncodedExample> examples, TaskExam.Outcome outcome) {
        Map<EncodedExample, Integer> drawn = new HashMap<>();
        examples.forEach(example -> drawn.put(example, drawn.size()));
        return new Table(
                WRONG,
                List.of(
                        Table.Column.text("end of the prompt"),
                        Table.Column.text("expected"),
                        Table.Column.text("given"),
                        Table.Column.number("probability of expected", "")),
                outcome.answers().stream()
                        .filter(answer -> !answer.right())
                        .sorted(Comparator.comparing(answer -> drawn.getOrDefault(answer.example(), 0)))
                        .limit(WRONG_SHOWN)
                        .map(answer -> row(context, answer))
                        .toList());
    }

    private static List<Object> row(AnalysisContext context, TaskExam.Answer answer) {
        String prompt = answer.example().example().prompt();
        int from = Math.max(0, prompt.length() - PROMPT_END);
        return List.of(
                (from == 0 ? "" : "…") + prompt.substring(from),
                expected(context, answer.example().answers()),
                context.prompts().show(answer.token()),
                answer.probability());
    }

    private static String expected(AnalysisContext context, int[] answers) {
        String first = Arrays.stream(answers)
                .limit(ANSWERS_SHOWN)
                .mapToObj(context.prompts()::show)
                .collect(Collectors.joining(","));
        return answers.length > ANSWERS_SHOWN ? first + ", … (" + answers.length + " right answers)" : first;
    }
}
