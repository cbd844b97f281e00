package org.headscope.analysis.sparse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskExam;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;

/** Asks questions one at a time under edits that are made anew for each text. */
final class EditedExam {
    private final AnalysisContext context;
    private final List<EncodedExample> questions;
    private final Progress progress;
    private final Map<String, ReceiptSummary> receipts = new LinkedHashMap<>();

    EditedExam(AnalysisContext context, List<EncodedExample> questions, Progress progress) {
        this.context = context;
        this.questions = questions;
        this.progress = progress;
    }

    /**
     * What the model said.
     *
     * @param answers one per question
     * @param logProbabilities of all next tokens, one array per question, in nats
     */
    record Said(List<TaskExam.Answer> answers, List<float[]> logProbabilities) {}

    /** Asks everything; {@code run} is told to people. */
    Said ask(String run, Supplier<List<SiteEdit>> edits) {
        List<TaskExam.Answer> answers = new ArrayList<>();
        List<float[]> said = new ArrayList<>();
        for (EncodedExample question : questions) {
            progress.checkCancelled();
            float[] logs = next(question, edits.get());
            int best = 0;
            for (int token = 1; token < logs.length; token++) {
                best = logs[token] > logs[best] ? token : best;
            }
            answers.add(new TaskExam.Answer(question, best, question.logOfRight(logs, 0)));
            said.add(logs);
            progress.report(answers.size(), questions.size(), run);
        }
        return new Said(answers, said);
    }

    private float[] next(EncodedExample question, List<SiteEdit> edits) {
        RunRequest request = StandingRun.of(context, TokenBatch.of(question.clean()))
                .edits(edits)
                .lastLogits()
                .build();
        try (RunResult run = context.model().run(request)) {
            run.receipts().stream()
                    .filter(one -> one.change() > 0)
                    .forEach(one -> receipts.putIfAbsent(one.label(), ReceiptSummary.of(one)));
            return run.logits().logSoftmax(-1).toFloatArray();
        }
    }

    /** What changed something, once for each label. */
    List<ReceiptSummary> receipts() {
        return List.copyOf(receipts.values());
    }
}
