package org.headscope.analysis.sparse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskScore;
import org.headscope.analysis.task.WilsonInterval;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.StreamingWindow;

/** What a model still finds in long texts when chosen heads stream, next to random choices of as many heads. */
final class StreamingExam {
    static final String TITLE = "Needles with streaming heads";
    static final String ACCURACY = "Chance, by accuracy";
    static final String LOSS = "Chance, by loss";

    private static final List<Table.Column> COLUMNS = List.of(
            Table.Column.text("run"),
            Table.Column.integer("full key-value heads"),
            Table.Column.number("accuracy", ""),
            Table.Column.number("lower", ""),
            Table.Column.number("upper", ""),
            Table.Column.number("loss", "nats"),
            Table.Column.integer("examples"),
            Table.Column.text("streaming"));

    private final AnalysisContext context;
    private final List<EncodedExample> questions;
    private final StreamingWindow window;
    private final Progress progress;
    private final Map<String, ReceiptSummary> receipts = new LinkedHashMap<>();

    StreamingExam(AnalysisContext context, List<EncodedExample> questions, StreamingWindow window, Progress progress) {
        this.context = context;
        this.questions = questions;
        this.window = window;
        this.progress = progress;
    }

    /** Asks under the choice, under none, under all and under random ones. */
    List<Panel> compare(KvChoice chosen, int controls) {
        int heads = chosen.full().length;
        List<List<Object>> rows = new ArrayList<>();
        ask("full model", KvChoice.all(heads, true), rows);
        TaskScore score = ask("chosen heads full", chosen, rows);
        ask("all streaming", KvChoice.all(heads, false), rows);
        SplittableRandom random = new SplittableRandom(context.seed());
        double[] accuracies = new double[controls];
        double[] losses = new double[controls];
        for (int i = 0; i < controls; i++) {
            TaskScore control = ask("random choice " + (i + 1), chosen.random(random), rows);
            accuracies[i] = control.accuracy();
            losses[i] = -control.loss();
        }
        return List.of(
                new Table(TITLE, COLUMNS, rows),
                new ControlTest(score.accuracy(), accuracies).table(ACCURACY, "accuracy"),
                new ControlTest(-score.loss(), losses).table(LOSS, "nats below zero"));
    }

    private TaskScore ask(String run, KvChoice choice, List<List<Object>> rows) {
        Dims dims = context.model().config().dims();
        List<Intervention> all = Stream.concat(context.standing().stream(), choice.interventions(dims, window).stream())
                .toList();
        TaskExam.Outcome outcome = new TaskExam(context.model(), all).examine(questions, progress);
        outcome.receipts().forEach(receipt -> receipts.putIfAbsent(receipt.label(), ReceiptSummary.of(receipt)));
        TaskScore score = TaskExam.score(outcome.answers());
        WilsonInterval interval = WilsonInterval.of(score.right(), score.examples());
        rows.add(List.of(
                run,
                choice.size(),
                score.accuracy(),
                interval.lower(),
                interval.upper(),
                score.loss(),
                score.examples(),
                choice.streaming(dims)));
        return score;
    }

    /** What acted, once for each different intervention. */
    List<ReceiptSummary> receipts() {
        return List.copyOf(receipts.values());
    }
}
