package org.headscope.analysis.recall;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.tokens.Span;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.tokens.Tokenized;
import org.headscope.hooks.tokens.TokenizerException;

/**
 * A calculation, and a prompt of as many tokens in which there is nothing to calculate.
 *
 * @param example what is asked
 * @param counterfactual the prompt with unrelated words in place of the cue {@code [pos]}
 * @param operands positions of the two numbers
 * @param operator positions of the sign between them
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
record Calculation(EncodedExample example, int[] counterfactual, List<Integer> operands, List<Integer> operator) {
    private static final Pattern CUE = Pattern.compile("(\\d+)( [+-])( \\d+)");
    private static final int WORDS = 30;

    /** Draws calculations of a task; {@code numbersToo} replaces the numbers as well as the sign. */
    static List<Calculation> draw(AnalysisContext context, String task, Split split, int count, boolean numbersToo) {
        TaskEncoder encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        List<EncodedExample> drawn = encoder.draw(TaskRegistry.require(task), split, count, context.seed());
        drawn.forEach(
                example -> example.requireFits(context.model().config().dims().context()));
        List<String> words = encoder.words().list(WORDS, "things");
        Random random = new Random(context.seed());
        List<Calculation> calculations = new ArrayList<>();
        for (EncodedExample example : drawn) {
            calculations.add(of(context, example, numbersToo, shuffled(words, random)));
        }
        return calculations;
    }

    private static List<String> shuffled(List<String> words, Random random) {
        List<String> some = new ArrayList<>(words);
        Collections.shuffle(some, random);
        return some;
    }

    private static Calculation of(
            AnalysisContext context, EncodedExample example, boolean numbersToo, List<String> words) {
        String prompt = example.example().prompt();
        Matcher cue = CUE.matcher(prompt);
        if (!cue.find()) {
            throw new TaskException(
                    "'" + prompt + "' holds no calculation such as 17 + 25. Choose addition or subtraction.");
        }
        TextTokenizer tokenizer = Objects.requireNonNull(context.model().tokenizer());
        Tokenized tokens = tokenizer.encode(prompt, context.prompts().bos());
        List<Integer> operands = new ArrayList<>(positions(tokens, cue.start(1), cue.end(1)));
        operands.addAll(positions(tokens, cue.start(3) + 1, cue.end(3)));
        return new Calculation(
                example,
                counterfactual(context, example, numbersToo, words),
                operands,
                positions(tokens, cue.start(2) + 1, cue.end(2)));
    }

    /** Tokens that share a character with a stretch of the text. */
    private static List<Integer> positions(Tokenized tokens, int from, int to) {
        return IntStream.range(0, tokens.length())
                .filter(p -> {
                    Span span = tokens.spans().get(p);
                    return span.start() < to && span.end() > from;
                })
                .boxed()
                .toList();
    }

    private static int[] counterfactual(
            AnalysisContext context, EncodedExample example, boolean numbersToo, List<String> words) {
        TextTokenizer tokenizer = Objects.requireNonNull(context.model().tokenizer());
        Matcher cue = CUE.matcher(example.example().prompt());
        for (int i = 0; i + 2 < words.size(); i++) {
            String instead = numbersToo
                    ? words.get(i) + " " + words.get(i + 1) + " " + words.get(i + 2)
                    : "$1 " + words.get(i) + "$3";
            try {
                int[] ids = tokenizer
                        .encode(cue.replaceFirst(instead), context.prompts().bos())
                        .ids();
                if (ids.length == example.length()) {
                    return ids;
                }
            } catch (TokenizerException e) {
                // The next words may be spelt.
                continue;
            }
        }
        throw new TaskException("No unrelated words have as many tokens in this tokenizer as the calculation in '"
                + example.example().prompt() + "'.");
    }
}
