package org.headscope.analysis.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;

/** Asks a model questions with known answers. Prompts of equal length go through the model together. */
public final class TaskExam {
    private static final int TOKENS_AT_ONCE = 4096;

    private final HookedTransformer model;
    private final PerBatch interventions;

    /** Interventions that depend on what is asked, such as those that bring in activations of other prompts. */
    @FunctionalInterface
    public interface PerBatch {
        /**
         * Says what holds while some examples are asked together.
         *
         * @param batch examples of equal length, one per row
         * @param owner owns what the interventions need; closed behind the batch
         * @return the interventions, with the same labels for every batch
         */
        List<Intervention> of(List<EncodedExample> batch, NDManager owner);
    }

    /**
     * An exam.
     *
     * @param model who is asked
     * @param standing interventions that hold throughout, such as a mask
     * @throws TaskException when the model sees later tokens, so that it has no next token to give
     */
    public TaskExam(HookedTransformer model, List<Intervention> standing) {
        this(model, constant(standing));
    }

    private static PerBatch constant(List<Intervention> standing) {
        List<Intervention> same = List.copyOf(standing);
        return (batch, owner) -> same;
    }

    /**
     * An exam under interventions that depend on what is asked.
     *
     * @param model who is asked
     * @param interventions made anew for every batch
     * @throws TaskException when the model sees later tokens, so that it has no next token to give
     */
    public TaskExam(HookedTransformer model, PerBatch interventions) {
        if (!model.config().attention().causal()) {
            throw new TaskException(
                    "Tasks ask for the next token, which means nothing for a model that sees later tokens."
                            + " Open a model that reads from left to right.");
        }
        this.model = model;
        this.interventions = interventions;
    }

    /**
     * What the model said to one example.
     *
     * @param example what was asked
     * @param token the most likely next token
     * @param logProbability log of the probability of all right answers together, in nats
     */
    public record Answer(EncodedExample example, int token, double logProbability) {
        /** {@return the probability of all right answers together, 0 to 1} */
        public double probability() {
            return Math.exp(logProbability);
        }

        /** {@return whether the most likely token is a right answer} */
        public boolean right() {
            return example.isRight(token);
        }
    }

    /**
     * What came of an exam.
     *
     * @param answers an answer for each example, ordered by length of the prompt
     * @param receipts what the standing interventions did: fired in how many batches, and the greatest change in any
     */
    public record Outcome(List<Answer> answers, List<Receipt> receipts) {
        /** Copies the lists. */
        public Outcome {
            answers = List.copyOf(answers);
            receipts = List.copyOf(receipts);
        }
    }

    /**
     * Adds answers up.
     *
     * @param answers at least one
     * @return the score
     */
    public static TaskScore score(List<Answer> answers) {
        int right = (int) answers.stream().filter(Answer::right).count();
        double loss = answers.stream()
                .mapToDouble(answer -> -answer.logProbability())
                .average()
                .orElseThrow();
        return new TaskScore(answers.size(), right, loss);
    }

    /**
     * Asks.
     *
     * @param examples what to ask
     * @param progress told after every batch
     * @return an answer for each, ordered by length of the prompt
     * @throws TaskException when an example is longer than the model's context
     */
    public List<Answer> ask(List<EncodedExample> examples, Progress progress) {
        return examine(examples, progress).answers();
    }

    /**
     * Asks, and says what the standing interventions did meanwhile.
     *
     * @param examples what to ask
     * @param progress told after every batch
     * @return answers and receipts
     * @throws TaskException when an example is longer than the model's context
     */
    public Outcome examine(List<EncodedExample> examples, Progress progress) {
        examples.forEach(example -> example.requireFits(model.config().dims().context()));
        List<List<EncodedExample>> groups = byLength(examples);
        List<Answer> answers = new ArrayList<>();
        Map<String, Receipt> receipts = new LinkedHashMap<>();
        groups.forEach(group -> {
            int length = group.get(0).length();
            int step = Math.max(1, TOKENS_AT_ONCE / length);
            for (int from = 0; from < group.size(); from += step) {
                progress.checkCancelled();
                answers.addAll(batch(group.subList(from, Math.min(group.size(), from + step)), length, receipts));
                progress.report(answers.size(), examples.size(), "asking");
            }
        });
        return new Outcome(answers, List.copyOf(receipts.values()));
    }

    /**
     * Sorts examples by length, so that those of one length can go through a model together.
     *
     * @param examples of any length
     * @return groups of equal length, short ones first, each in the order of {@code examples}
     */
    public static List<List<EncodedExample>> byLength(List<EncodedExample> examples) {
        return List.copyOf(examples.stream()
                .collect(Collectors.groupingBy(EncodedExample::length, TreeMap::new, Collectors.toList()))
                .values());
    }

    private List<Answer> batch(List<EncodedExample> examples, int length, Map<String, Receipt> receipts) {
        int[][] ids = examples.stream().map(EncodedExample::clean).toArray(int[][]::new);
        try (NDManager owner = model.newManager();
                RunResult run = model.run(RunRequest.of(TokenBatch.of(ids))
                        .edits(new Interventions(model.config()).compile(interventions.of(examples, owner)))
                        .logitsFrom(length - 1)
                        .build());
                NDArray logged = run.logits().logSoftmax(-1)) {
            run.receipts().forEach(one -> receipts.merge(one.site() + " " + one.label(), one, TaskExam::together));
            float[] flat = logged.toFloatArray();
            int vocab = flat.length / examples.size();
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < examples.size(); i++) {
                answers.add(answer(examples.get(i), flat, i * vocab, vocab));
            }
            return answers;
        }
    }

    private static Receipt together(Receipt one, Receipt other) {
        return new Receipt(
                one.label(), one.site(), one.fired() + other.fired(), Math.max(one.change(), other.change()));
    }

    private static Answer answer(EncodedExample example, float[] logProbabilities, int from, int vocab) {
        int best = 0;
        for (int token = 1; token < vocab; token++) {
            best = logProbabilities[from + token] > logProbabilities[from + best] ? token : best;
        }
        return new Answer(example, best, example.logOfRight(logProbabilities, from));
    }
}
