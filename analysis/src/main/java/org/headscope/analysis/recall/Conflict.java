package org.headscope.analysis.recall;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.KnowledgeConflict;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.tokens.TokenizerException;

/**
 * A question on which a text and memory give different answers, and a prompt that holds neither.
 *
 * @param example what is asked
 * @param empty the prompt with subject and claim replaced by unrelated words {@code [pos]}
 * @param memory token of the answer from memory
 * @param told token of the answer from the text
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
record Conflict(EncodedExample example, int[] empty, int memory, int told) {
    private static final int WORDS = 20;

    /** Whether the question asks for what the text says. */
    boolean asksText() {
        return example.answers()[0] == told;
    }

    /** Draws questions that the model answers rightly either way; {@code count} are drawn and fewer may be left. */
    static List<Conflict> draw(AnalysisContext context, Split split, int count, long seed, Progress progress) {
        TaskEncoder encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        List<EncodedExample> drawn = encoder.draw(new KnowledgeConflict(), split, count, seed);
        drawn.forEach(
                example -> example.requireFits(context.model().config().dims().context()));
        Set<EncodedExample> known = known(context, drawn, progress);
        List<String> words = encoder.words().list(WORDS, "things");
        Random random = new Random(seed);
        List<Conflict> conflicts = new ArrayList<>();
        for (EncodedExample example : drawn) {
            if (known.contains(example)) {
                conflicts.add(of(context, example, words, random));
            }
        }
        if (conflicts.isEmpty()) {
            throw new TaskException(
                    "This model answers none of " + count + " questions rightly both from the text and from"
                            + " memory, so there is no conflict to look into. Choose a model that knows the capitals.");
        }
        return conflicts;
    }

    /** Examples that are answered rightly with either word of the question. */
    private static Set<EncodedExample> known(AnalysisContext context, List<EncodedExample> drawn, Progress progress) {
        List<EncodedExample> turned = drawn.stream()
                .map(one -> new EncodedExample(
                        one.example(), one.corrupt(), one.clean(), one.corruptAnswers(), one.answers()))
                .toList();
        var exam = new TaskExam(context.model(), context.standing());
        Set<Object> right = Collections.newSetFromMap(new IdentityHashMap<>());
        exam.ask(drawn, progress).stream()
                .filter(TaskExam.Answer::right)
                .forEach(answer -> right.add(answer.example()));
        exam.ask(turned, progress).stream()
                .filter(TaskExam.Answer::right)
                .forEach(answer -> right.add(answer.example()));
        Set<EncodedExample> both = Collections.newSetFromMap(new IdentityHashMap<>());
        IntStream.range(0, drawn.size())
                .filter(i -> right.contains(drawn.get(i)) && right.contains(turned.get(i)))
                .forEach(i -> both.add(drawn.get(i)));
        return both;
    }

    private static Conflict of(AnalysisContext context, EncodedExample example, List<String> words, Random random) {
        String prompt = example.example().prompt();
        String answer = example.example().answers().get(0).strip();
        String other = example.example().corruptAnswers().get(0).strip();
        String role = example.example().role();
        boolean asksText = role.endsWith(" " + answer);
        String claim = asksText ? answer : other;
        String subject = role.substring(0, role.length() - claim.length() - 1);
        TextTokenizer tokenizer = Objects.requireNonNull(context.model().tokenizer());
        for (int attempt = 0; attempt < WORDS; attempt++) {
            List<String> some = new ArrayList<>(words);
            Collections.shuffle(some, random);
            // Every mention gets a word of its own, so that nothing can be looked up in the text either.
            String empty = prompt.replace(claim, some.get(0))
                    .replaceFirst(Pattern.quote(subject), some.get(1))
                    .replace(subject, some.get(2));
            int[] ids = ids(tokenizer, context, empty);
            if (ids.length == example.length()) {
                int first = example.answers()[0];
                int second = example.corruptAnswers()[0];
                return new Conflict(example, ids, asksText ? second : first, asksText ? first : second);
            }
        }
        throw new TaskException("No unrelated words have as many tokens as '" + subject + "' and '" + claim
                + "' in this tokenizer, so that nothing can stand in their place.");
    }

    private static int[] ids(TextTokenizer tokenizer, AnalysisContext context, String text) {
        try {
            return tokenizer.encode(text, context.prompts().bos()).ids();
        } catch (TokenizerException e) {
            return new int[0];
        }
    }
}
