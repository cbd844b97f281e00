package org.headscope.analysis.train;

import java.util.List;
import java.util.SplittableRandom;
import org.headscope.analysis.task.Needle;
import org.headscope.analysis.task.Passage;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.Words;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.tokens.Tokenized;
import org.headscope.hooks.train.NextTokenLoss.Lesson;

/**
 * What the bundled model learns from: rows of passages of all tasks, one after the other. The lesson of a step depends on
 * the seed and the step alone, so an interrupted training sees what an uninterrupted one would have seen.
 */
public final class Corpus {
    private static final int LONG_ROW = 256;
    private static final int MIDDLE_ROW = 128;
    /** Tokens of the secrets and of the questions about them. */
    private static final int QUESTIONS = 70;

    /** One row in so many is random where there are random rows at all. */
    private static final int RANDOM_ROWS = 10;

    private static final int SHORTEST_PERIOD = 8;
    /** There are many of them in a row, and one is much like another. */
    private static final float REPEATED = 0.15f;

    private final TextTokenizer tokenizer;
    private final Words words = Words.all();
    private final Plan plan;
    private final List<Share> early = List.of(
            share("repeat", 6),
            share("phrase", 3),
            share("ioi", 12),
            share("capital", 8),
            share("language", 6),
            share("conflict", 10),
            new Share(TaskRegistry.require("key-value"), 6, 128),
            share("addition", 16),
            share("subtraction", 16),
            share("greater-than", 6),
            share("multiple-choice", 14),
            share("agreement", 6),
            share("story", 3));
    /** What is learned quickly is only kept up; arithmetic takes the rest of the time. */
    private final List<Share> late = List.of(
            share("repeat", 4),
            share("phrase", 1),
            share("ioi", 6),
            share("capital", 4),
            share("language", 3),
            share("conflict", 5),
            new Share(TaskRegistry.require("key-value"), 6, 128),
            share("addition", 30),
            share("subtraction", 30),
            share("greater-than", 3),
            share("multiple-choice", 6),
            share("agreement", 2),
            share("story", 3));

    /**
     * How often a task is drawn.
     *
     * @param task what to draw
     * @param part its part among the draws, in any unit
     * @param shortestRow rows shorter than this do without it
     */
    record Share(TaskGenerator task, double part, int shortestRow) {}

    /**
     * A corpus.
     *
     * @param tokenizer of the model that learns
     * @param plan has the seed of all chance and tells when the mixture changes
     */
    public Corpus(TextTokenizer tokenizer, Plan plan) {
        this.tokenizer = tokenizer;
        this.plan = plan;
    }

    private static Share share(String id, double part) {
        return new Share(TaskRegistry.require(id), part, 0);
    }

    /**
     * The lesson of a step.
     *
     * @param step counted from 0
     * @param rows number of rows
     * @param length tokens per row
     * @return ids and weights {@code [rows][length]}
     */
    public Lesson lesson(long step, int rows, int length) {
        SplittableRandom random = new SplittableRandom(plan.seed() * 1_000_003 + step);
        int[][] ids = new int[rows][length];
        float[][] weights = new float[rows][length];
        List<Share> shares = plan.isLate(step) ? late : early;
        for (int row = 0; row < rows; row++) {
            SplittableRandom own = random.split();
            if (plan.hasRandomRows(step) && own.nextInt(RANDOM_ROWS) == 0) {
                repeat(ids[row], weights[row], own);
            } else {
                fill(ids[row], weights[row], shares, own);
            }
        }
        return new Lesson(ids, weights);
    }

    /** Random tokens of the whole vocabulary, again and again: what detectors of heads ask of any model. */
    private void repeat(int[] ids, float[] weights, SplittableRandom random) {
        int period = random.nextInt(SHORTEST_PERIOD, ids.length / 2);
        for (int p = 1; p < ids.length; p++) {
            boolean first = p <= period;
            ids[p] = first ? random.nextInt(tokenizer.vocabSize()) : ids[p - period];
            weights[p] = first ? 0 : REPEATED;
        }
    }

    private void fill(int[] ids, float[] weights, List<Share> shares, SplittableRandom random) {
        int filled = 1;
        boolean needle = ids.length >= LONG_ROW || ids.length >= MIDDLE_ROW && random.nextInt(6) == 0;
        while (filled < ids.length) {
            TaskGenerator task = needle ? needle(ids.length) : pick(shares, ids.length, random);
            needle = false;
            filled = append(task.draw(words, Split.TRAIN, random).passage(), ids, weights, filled);
        }
    }

    /** As much filler as fits with its questions. */
    private static Needle needle(int length) {
        int most = (length - QUESTIONS) * 3 / 4;
        return new Needle(Math.max(1, most / 8), Math.max(2, most));
    }

    private static TaskGenerator pick(List<Share> shares, int length, SplittableRandom random) {
        List<Share> fitting =
                shares.stream().filter(share -> share.shortestRow <= length).toList();
        double at =
                random.nextDouble() * fitting.stream().mapToDouble(Share::part).sum();
        for (Share share : fitting) {
            at -= share.part;
            if (at < 0) {
                return share.task;
            }
        }
        return fitting.get(fitting.size() - 1).task;
    }

    private int append(Passage passage, int[] ids, float[] weights, int from) {
        Tokenized tokens = tokenizer.encode(passage.text(), BosPolicy.NEVER);
        int[] all = tokens.ids();
        int count = Math.min(all.length, ids.length - from);
        System.arraycopy(all, 0, ids, from, count);
        for (int i = 0; i < count; i++) {
            weights[from + i] = passage.weightAt(tokens.spans().get(i).end() - 1);
        }
        // Nothing tells which task comes next.
        weights[from] = 0;
        return from + count;
    }
}
