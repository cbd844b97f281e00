package org.headscope.analysis.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.BundledTokenizer;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every task. */
class TaskExamplesTest {
    private static final int MANY = 2000;
    private static final int SOME = 150;
    private static final Pattern WRONG_ARTICLE =
            Pattern.compile("\\b(a [aeiou]|an [^aeiou])", Pattern.CASE_INSENSITIVE);

    static Stream<String> tasks() {
        return TaskRegistry.all().stream().map(task -> task.info().id());
    }

    private static List<TaskExample> draw(String id, Split split, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TaskGenerator task = TaskRegistry.require(id);
        Words words = Words.all();
        List<TaskExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(task.draw(words, split, random));
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void theSameSeedGivesTheSameExamples(String id) {
        for (Split split : Split.values()) {
            List<TaskExample> examples = draw(id, split, 20, 9);
            assertThat(draw(id, split, 20, 9)).isEqualTo(examples);
            assertThat(draw(id, split, 20, 10)).isNotEqualTo(examples);
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void whatIsHeldOutIsNeverLearned(String id) {
        List<TaskExample> learned = draw(id, Split.TRAIN, MANY, 1);
        List<TaskExample> heldOut = draw(id, Split.HELD_OUT, MANY / 5, 2);
        assertThat(roles(heldOut)).isNotEmpty().doesNotContainAnyElementsOf(roles(learned));
        assertThat(keys(id, heldOut)).doesNotContainAnyElementsOf(keys(id, learned));
    }

    private static Set<String> roles(List<TaskExample> examples) {
        return new HashSet<>(examples.stream().map(TaskExample::role).toList());
    }

    private static Set<String> keys(String id, List<TaskExample> examples) {
        return new HashSet<>(examples.stream()
                .map(example -> TaskOracle.key(id, example.prompt()))
                .toList());
    }

    @Test
    void differencesThatUndoHeldOutSumsAreHeldOut() {
        Set<String> sums = keys("addition", draw("addition", Split.HELD_OUT, MANY, 1));
        Set<String> differences = keys("subtraction", draw("subtraction", Split.TRAIN, MANY, 1));
        assertThat(sums).hasSizeGreaterThan(100).doesNotContainAnyElementsOf(differences);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void answersAreRight(String id) {
        for (TaskExample example : draw(id, Split.HELD_OUT, SOME, 4)) {
            assertThat(example.answers())
                    .as(example.prompt())
                    .hasSameElementsAs(TaskOracle.answers(id, example.prompt()));
            assertThat(example.corruptAnswers())
                    .as(example.corrupt())
                    .isNotEmpty()
                    .isSubsetOf(TaskOracle.answers(id, example.corrupt()))
                    .doesNotContainAnyElementsOf(example.answers());
        }
    }

    /** Each word of an answer that counts fully follows from what stands before it. */
    @ParameterizedTest
    @MethodSource("tasks")
    void whatIsLearnedIsRight(String id) {
        int answers = 0;
        for (TaskExample example : draw(id, Split.TRAIN, SOME, 5)) {
            StringBuilder before = new StringBuilder();
            for (Passage.Piece piece : example.passage().pieces()) {
                for (String word : piece.text().split("(?= )", -1)) {
                    if (piece.weight() == 1) {
                        assertThat(TaskOracle.answers(id, before.toString()))
                                .as(before.toString())
                                .contains(word);
                        answers++;
                    }
                    before.append(word);
                }
            }
            assertThat(before).hasToString(example.passage().text());
        }
        assertThat(answers).isGreaterThanOrEqualTo(SOME);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void articlesFitTheirWords(String id) {
        for (Split split : Split.values()) {
            for (TaskExample example : draw(id, split, SOME, 6)) {
                // The letter of an option is no article.
                String text = example.passage().text().replace("A: ", "");
                assertThat(text).doesNotContainPattern(WRONG_ARTICLE);
            }
        }
    }

    @Test
    void wordsThatBeginWithAVowelGetTheOtherArticle() {
        assertThat(Articles.fit("A owl had a apple, a dog and an idea. Anna eats a orange."))
                .isEqualTo("An owl had an apple, a dog and an idea. Anna eats an orange.");
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void inTokensTwinsAreEquallyLongAndAnswersAreSingle(String id) {
        try (TextTokenizer tokenizer = BundledTokenizer.open()) {
            TaskEncoder encoder = new TaskEncoder(tokenizer, BosPolicy.AUTO);
            List<EncodedExample> examples = encoder.draw(TaskRegistry.require(id), Split.HELD_OUT, 40, 7);
            assertThat(examples).hasSize(40);
            examples.forEach(encoded -> fits(encoded, tokenizer));
        }
    }

    private static void fits(EncodedExample encoded, TextTokenizer tokenizer) {
        TaskExample example = encoded.example();
        assertThat(Split.of(example.role())).isEqualTo(Split.HELD_OUT);
        assertThat(encoded.clean()).isEqualTo(ids(tokenizer, example.prompt()));
        assertThat(encoded.corrupt())
                .isEqualTo(ids(tokenizer, example.corrupt()))
                .hasSize(encoded.length());
        added(tokenizer, example.prompt(), example.answers().get(0), encoded.answers()[0]);
        added(tokenizer, example.prompt(), example.corruptAnswers().get(0), encoded.corruptAnswers()[0]);
        assertThat(encoded.answers())
                .hasSameSizeAs(example.answers())
                .doesNotHaveDuplicates()
                .doesNotContain(encoded.corruptAnswers());
        assertThat(IntStream.of(encoded.answers())).allMatch(encoded::isRight);
        assertThat(IntStream.of(encoded.corruptAnswers())).noneMatch(encoded::isRight);
    }

    private static int[] ids(TextTokenizer tokenizer, String text) {
        return tokenizer.encode(text, BosPolicy.ALWAYS).ids();
    }

    private static void added(TextTokenizer tokenizer, String prompt, String answer, int token) {
        int[] before = ids(tokenizer, prompt);
        int[] after = ids(tokenizer, prompt + answer);
        assertThat(after).as(prompt + answer).startsWith(before).endsWith(token).hasSize(before.length + 1);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aTokenizerWithoutTheWordsIsToldWhy(String id) {
        String assets = Objects.requireNonNull(System.getProperty("headscope.assets"));
        try (TextTokenizer tokenizer = TextTokenizer.load(Path.of(assets, "models", "induction-2l"))) {
            TaskEncoder encoder = new TaskEncoder(tokenizer, BosPolicy.AUTO);
            assertThatThrownBy(() -> encoder.draw(TaskRegistry.require(id), Split.HELD_OUT, 1, 1))
                    .isInstanceOf(TaskException.class)
                    .hasMessageMatching("(?s).*(Only \\d+ of the \\w+ are single tokens of this tokenizer"
                            + "|This tokenizer has no number as a single token).*")
                    .hasMessageContaining("Choose another task");
        }
    }
}
