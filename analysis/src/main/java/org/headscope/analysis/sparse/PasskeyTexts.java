package org.headscope.analysis.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Needle;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.train.StreamingGates.Sample;
import org.jspecify.annotations.Nullable;

/**
 * Long texts with secrets in them, made of words that the tokenizer has. For learning, all secrets are asked for at the end
 * and answered, and that block is what counts; for the exam one is asked for, with words from the other part of the task.
 */
final class PasskeyTexts {
    static final int SHORTEST = 120;

    private static final int PATIENCE = 200;
    /** Words of secrets and questions, which come on top of the filler. */
    private static final int EXTRA = 70;

    private static final String QUESTION = " Question:";

    private final AnalysisContext context;
    private final TaskEncoder encoder;
    private final int longest;
    private final Needle task;

    /** {@code length}: most tokens of a text, 0 for the whole context. */
    PasskeyTexts(AnalysisContext context, int length) {
        int room = context.model().config().dims().context();
        this.context = context;
        this.encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        this.longest = length == 0 ? room : length;
        if (longest < SHORTEST || longest > room) {
            throw ParameterException.refused(
                    "length",
                    Integer.toString(length),
                    SHORTEST + " to " + room + " tokens, the context of this model");
        }
        // Most words are one token; texts that come out too long are drawn again.
        int words = Math.max(10, (longest - EXTRA) * 3 / 4);
        this.task = new Needle(Math.max(5, words / 5), words);
    }

    /** The most tokens of a text. */
    int longest() {
        return longest;
    }

    /** Texts to learn from. */
    List<Sample> samples(int count) {
        SplittableRandom random = new SplittableRandom(context.seed());
        List<Sample> samples = new ArrayList<>();
        int failures = 0;
        while (samples.size() < count) {
            Sample sample = sample(
                    task.draw(encoder.words(), Split.TRAIN, random).passage().text());
            if (sample != null) {
                samples.add(sample);
                failures = 0;
            } else if (++failures == PATIENCE) {
                throw tooLong();
            }
        }
        return samples;
    }

    private @Nullable Sample sample(String text) {
        int[] front = ids(text.substring(0, text.indexOf(QUESTION)));
        int[] all = ids(text);
        boolean fits = all.length <= longest
                && all.length > front.length
                && Arrays.equals(front, Arrays.copyOf(all, front.length));
        return fits ? new Sample(all, front.length) : null;
    }

    private int[] ids(String text) {
        TextTokenizer tokenizer = context.model().tokenizer();
        if (tokenizer == null) {
            throw new HeadscopeException("Texts with secrets need a tokenizer.");
        }
        return tokenizer.encode(text, context.prompts().bos()).ids();
    }

    /** Questions that were not learned from. */
    List<EncodedExample> questions(int count) {
        return questions(count, 0);
    }

    /** Questions that were not learned from, of at least so many tokens. */
    List<EncodedExample> questions(int count, int shortest) {
        List<EncodedExample> fitting = new ArrayList<>();
        for (int more = 0; fitting.size() < count; more++) {
            if (more == PATIENCE) {
                throw tooLong();
            }
            encoder.draw(task, Split.HELD_OUT, count, context.seed() + more).stream()
                    .filter(example -> example.length() >= shortest && example.length() <= longest)
                    .forEach(fitting::add);
        }
        return List.copyOf(fitting.subList(0, count));
    }

    private TaskException tooLong() {
        return new TaskException("This tokenizer cuts texts with secrets into more than " + longest
                + " tokens. Allow a greater length.");
    }
}
