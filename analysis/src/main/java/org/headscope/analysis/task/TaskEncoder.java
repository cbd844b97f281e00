package org.headscope.analysis.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.tokens.TokenizerException;

/**
 * Turns examples into tokens of one model. An answer is what a tokenizer adds when it follows the prompt, so answers
 * without a blank in front are found in every vocabulary that has them.
 */
public final class TaskEncoder {
    /** So many unusable draws in a row mean that no example is usable. */
    private static final int PATIENCE = 200;

    private final TextTokenizer tokenizer;
    private final BosPolicy bos;
    private final Words words;
    private final Map<String, Integer> known = new HashMap<>();

    /**
     * An encoder.
     *
     * @param tokenizer of the model
     * @param bos whether a beginning-of-sequence token goes in front
     * @throws TokenizerException when one is asked for that the tokenizer does not have
     */
    public TaskEncoder(TextTokenizer tokenizer, BosPolicy bos) {
        this.tokenizer = tokenizer;
        this.bos = bos;
        this.words = Words.where(this::isSingle);
        tokenizer.bos(bos);
    }

    /**
     * An encoder for a model.
     *
     * @param model the model
     * @param bos whether a beginning-of-sequence token goes in front
     * @return the encoder
     * @throws TaskException when the model has no tokenizer, saying why
     * @throws TokenizerException when a token is asked for in front that the tokenizer does not have
     */
    public static TaskEncoder of(HookedTransformer model, BosPolicy bos) {
        TextTokenizer tokenizer = model.tokenizer();
        if (tokenizer == null) {
            String why = model.identity().noTokenizer();
            throw new TaskException("Tasks are asked in words, but this model takes token ids only. "
                    + (why == null ? "It came without a tokenizer." : why)
                    + " Open a model whose folder has a tokenizer.json.");
        }
        return new TaskEncoder(tokenizer, bos);
    }

    /** {@return the words that are single tokens of this tokenizer} */
    public Words words() {
        return words;
    }

    /**
     * Draws examples.
     *
     * @param task what to draw
     * @param split from which part
     * @param count how many
     * @param seed the same seed gives the same examples
     * @return the examples; lengths may differ between them
     * @throws TaskException when the tokenizer does not have the words, or cuts the two prompts of an example
     *     differently, or an answer into several tokens
     */
    public List<EncodedExample> draw(TaskGenerator task, Split split, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<EncodedExample> examples = new ArrayList<>();
        int failures = 0;
        while (examples.size() < count) {
            try {
                examples.add(encode(task.draw(words, split, random)));
                failures = 0;
            } catch (Unusable | TokenizerException e) {
                refuseWhenHopeless(++failures, task, e);
            }
        }
        return examples;
    }

    /**
     * Draws neutral prompts.
     *
     * @param task what to draw; see {@link TaskGenerator#neutralSet}
     * @param form the form of the examples they stand in for
     * @param count how many
     * @param seed the same seed gives the same prompts
     * @return token ids of each prompt {@code [prompt][pos]}
     * @throws TaskException when the task has none, or the tokenizer does not have the words
     */
    public List<int[]> neutral(TaskGenerator task, String form, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<int[]> prompts = new ArrayList<>();
        int failures = 0;
        while (prompts.size() < count) {
            try {
                prompts.add(ids(task.neutral(form, words, random)));
                failures = 0;
            } catch (Unusable | TokenizerException e) {
                refuseWhenHopeless(++failures, task, e);
            }
        }
        return prompts;
    }

    private static void refuseWhenHopeless(int failures, TaskGenerator task, Exception last) {
        if (failures == PATIENCE) {
            throw new TaskException("Task '" + task.info().id() + "' cannot be asked of this tokenizer: "
                    + String.valueOf(last.getMessage()).replaceFirst("\\.$", "") + ". Choose another task.");
        }
    }

    private EncodedExample encode(TaskExample example) throws Unusable {
        int[] clean = ids(example.prompt());
        int[] corrupt = ids(example.corrupt());
        if (clean.length != corrupt.length) {
            throw new Unusable("'" + example.prompt() + "' has " + clean.length + " tokens, but '" + example.corrupt()
                    + "' has " + corrupt.length);
        }
        return new EncodedExample(
                example,
                clean,
                corrupt,
                answers(example.prompt(), clean, example.answers()),
                answers(example.prompt(), clean, example.corruptAnswers()));
    }

    private int[] answers(String prompt, int[] ids, List<String> answers) throws Unusable {
        int[] found = new int[answers.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = answer(prompt, ids, answers.get(i));
        }
        return found;
    }

    /** What comes before a word does not matter to its token, except for the word it continues. */
    private int answer(String prompt, int[] ids, String answer) throws Unusable {
        String last = answer.startsWith(" ") ? "" : prompt.substring(prompt.lastIndexOf(' ') + 1);
        Integer cached = known.get(last + answer);
        if (cached != null) {
            return cached;
        }
        int token = added(ids, ids(prompt + answer));
        if (token < 0) {
            throw new Unusable("'" + answer + "' is not a single token behind '" + prompt + "'");
        }
        known.put(last + answer, token);
        return token;
    }

    /** Whether a word is one token behind a blank; some vocabularies cannot spell it at all, or not tell it from others. */
    private boolean isSingle(String word) {
        try {
            return added(ids(word), ids(word + " " + word)) >= 0;
        } catch (Unusable | TokenizerException e) {
            return false;
        }
    }

    private int[] ids(String text) throws Unusable {
        int[] ids = tokenizer.encode(text, bos).ids();
        OptionalInt unknown = tokenizer.unkId();
        if (unknown.isPresent() && IntStream.of(ids).anyMatch(id -> id == unknown.getAsInt())) {
            throw new Unusable("it does not know all words of '" + text + "'");
        }
        return ids;
    }

    /** The one token that {@code longer} has behind {@code shorter}, or -1. */
    private static int added(int[] shorter, int[] longer) {
        boolean one = longer.length == shorter.length + 1
                && Arrays.equals(shorter, 0, shorter.length, longer, 0, shorter.length);
        return one ? longer[shorter.length] : -1;
    }

    /** This example will not do; another may. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }
}
