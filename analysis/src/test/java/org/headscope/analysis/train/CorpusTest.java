package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headscope.analysis.BundledTokenizer;
import org.headscope.analysis.task.Needle;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskOracle;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.WordLists;
import org.headscope.analysis.task.Words;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.train.NextTokenLoss.Lesson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CorpusTest {
    private static final Set<String> NAMES = Set.copyOf(WordLists.column("names", "name"));
    /** Words that begin a passage and stand nowhere else. */
    private static final Set<String> BEGINNINGS = Set.of(" Compute", " Words", " Numbers");

    /** How much a token counts that was there before, in a row of random tokens. */
    private static final float REPEATED = 0.15f;

    private static final Plan PLAN = new Plan(7000, 3072, 2e-3, 6);

    private final TextTokenizer tokenizer = BundledTokenizer.open();
    private final Corpus corpus = new Corpus(tokenizer, PLAN);

    @AfterEach
    void close() {
        tokenizer.close();
    }

    /** A row in words: what stands at each place, and how much it counts. */
    private record Row(List<String> words, float[] weights) {
        String before(int place) {
            return String.join("", words.subList(0, place)).strip();
        }

        /** The sentence that ends before a place, or the part of it that the row has. */
        String sentence(int place) {
            String text = before(place);
            return text.substring(text.lastIndexOf(". ") + 1).strip();
        }
    }

    /** Rows of text, from lessons of the whole plan, whose mixture changes on the way. */
    private List<Row> rows(int lessons, int rows, int length) {
        List<Row> all = new ArrayList<>();
        for (int i = 0; i < lessons; i++) {
            Lesson lesson = corpus.lesson(i * PLAN.steps() / lessons, rows, length);
            for (int row = 0; row < rows; row++) {
                if (!isRandom(lesson.weights()[row])) {
                    all.add(row(lesson, row));
                }
            }
        }
        return all;
    }

    private Row row(Lesson lesson, int row) {
        List<String> words = IntStream.of(lesson.ids()[row])
                .mapToObj(id -> id == 0 ? "" : tokenizer.tokenString(id))
                .toList();
        return new Row(words, lesson.weights()[row]);
    }

    private static boolean isRandom(float[] weights) {
        return weights[weights.length - 1] == REPEATED;
    }

    @Test
    void inTheLastThirdATenthOfTheRowsRepeatsRandomTokens() {
        assertThat(randomRows(0, 4619)).isEmpty();
        List<int[]> random = randomRows(4620, 6999);
        // 70 steps of 10 rows.
        assertThat(random).hasSizeBetween(45, 100);
        Set<Integer> seen = new HashSet<>();
        for (int[] ids : random) {
            assertThat(ids).startsWith(0);
            assertThat(IntStream.range(8, 33).anyMatch(period -> repeats(ids, period)))
                    .isTrue();
            IntStream.of(ids).forEach(seen::add);
        }
        assertThat(seen).hasSizeGreaterThan(tokenizer.vocabSize() / 2);
    }

    private List<int[]> randomRows(long from, long to) {
        List<int[]> random = new ArrayList<>();
        for (long step = from; step <= to; step += 34) {
            Lesson lesson = corpus.lesson(step, 10, 64);
            for (int row = 0; row < 10; row++) {
                if (isRandom(lesson.weights()[row])) {
                    random.add(lesson.ids()[row]);
                    assertThat(lesson.weights()[row])
                            .startsWith(0, 0, 0, 0, 0, 0, 0, 0, 0)
                            .containsOnly(0, REPEATED);
                }
            }
        }
        return random;
    }

    private static boolean repeats(int[] ids, int period) {
        return Arrays.equals(ids, 1 + period, ids.length, ids, 1, ids.length - period);
    }

    @Test
    void aLessonDependsOnPlanAndStepAlone() {
        Lesson lesson = corpus.lesson(7, 3, 128);
        Corpus again = new Corpus(tokenizer, PLAN);
        again.lesson(3, 2, 512);
        assertThat(same(again.lesson(7, 3, 128), lesson)).isTrue();
        assertThat(same(corpus.lesson(8, 3, 128), lesson)).isFalse();
        assertThat(same(new Corpus(tokenizer, new Plan(7000, 3072, 2e-3, 7)).lesson(7, 3, 128), lesson))
                .isFalse();
        assertThat(lesson.ids()[0]).isNotEqualTo(lesson.ids()[1]);
    }

    private static boolean same(Lesson one, Lesson other) {
        return Arrays.deepEquals(one.ids(), other.ids()) && Arrays.deepEquals(one.weights(), other.weights());
    }

    @Test
    void rowsAreFullOfKnownTokensWithWeightsOfThreeKinds() {
        for (int length : new int[] {64, 128, 512}) {
            Lesson lesson = corpus.lesson(5, 4, length);
            assertThat(lesson.ids()).hasDimensions(4, length);
            assertThat(lesson.weights()).hasDimensions(4, length);
            assertThat(lesson.total()).isGreaterThan(4);
            for (int row = 0; row < 4; row++) {
                assertThat(lesson.ids()[row]).startsWith(0);
                // Neither <bos> nor <unk>, nor bytes, which nothing in this world needs.
                assertThat(IntStream.of(lesson.ids()[row]).skip(1))
                        .allMatch(id -> id > 257 && id < tokenizer.vocabSize());
                for (float weight : lesson.weights()[row]) {
                    assertThat(weight).isIn(0f, 0.1f, 1f);
                }
            }
        }
    }

    @Test
    void whatBeginsAPassageDoesNotCount() {
        int beginnings = 0;
        for (Row row : rows(60, 4, 128)) {
            assertThat(row.weights[0]).isZero();
            assertThat(row.weights[1]).isZero();
            for (int place = 1; place < row.words.size(); place++) {
                if (BEGINNINGS.contains(row.words.get(place))) {
                    assertThat(row.weights[place]).isZero();
                    beginnings++;
                }
            }
        }
        assertThat(beginnings).isGreaterThan(200);
    }

    @Test
    void heldOutSumsAndDifferencesAreNeverLearned() {
        Set<String> learned = new HashSet<>();
        for (Row row : rows(300, 4, 64)) {
            for (int place = 6; place < row.words.size(); place++) {
                if (row.words.get(place - 1).equals(" =")) {
                    assertThat(row.weights[place]).isOne();
                    String question =
                            String.join("", row.words.subList(place - 6, place)).strip();
                    String task = question.contains("+") ? "addition" : "subtraction";
                    assertThat(TaskOracle.answers(task, question)).containsExactly(row.words.get(place));
                    learned.add(TaskOracle.key(task, question));
                }
            }
        }
        assertThat(learned)
                .hasSizeGreaterThan(500)
                .doesNotContainAnyElementsOf(heldOut(TaskRegistry.require("addition"), 3000))
                .doesNotContainAnyElementsOf(heldOut(TaskRegistry.require("subtraction"), 3000));
    }

    private static Set<String> heldOut(TaskGenerator task, int draws) {
        SplittableRandom random = new SplittableRandom(4);
        Words words = Words.all();
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < draws; i++) {
            String prompt = task.draw(words, Split.HELD_OUT, random).prompt();
            keys.add(TaskOracle.key(task.info().id(), prompt));
        }
        assertThat(keys).hasSizeGreaterThan(90);
        return keys;
    }

    @Test
    void heldOutPairsOfPeopleAreNeverLearned() {
        Set<String> learned = new HashSet<>();
        for (Row row : rows(300, 4, 64)) {
            for (int place = 1; place < row.words.size(); place++) {
                if (row.weights[place] == 1
                        && NAMES.contains(row.words.get(place).strip())) {
                    String pair = TaskOracle.key("ioi", row.sentence(place));
                    if (pair.contains(" ")) {
                        learned.add(pair);
                    }
                }
            }
        }
        assertThat(learned)
                .hasSizeGreaterThan(300)
                .doesNotContainAnyElementsOf(heldOut(TaskRegistry.require("ioi"), 3000));
    }

    @Test
    void heldOutSecretsAreNeverLearned() {
        neverLearned(rows(60, 2, 256), "The secret word of ", new Needle(1, 5));
    }

    @Test
    void heldOutNumbersOfNamesAreNeverLearned() {
        neverLearned(rows(200, 4, 128), "The number of ", TaskRegistry.require("key-value"));
    }

    /** In a row there is one list at most that a name is asked from, so the last question and its answer are the pair. */
    private static void neverLearned(List<Row> rows, String question, TaskGenerator task) {
        Set<String> learned = new HashSet<>();
        Set<String> told = new HashSet<>();
        for (Row row : rows) {
            for (int place = 6; place < row.words.size(); place++) {
                String sentence =
                        String.join("", row.words.subList(place - 6, place)).strip();
                int asked = sentence.indexOf(question);
                if (asked >= 0 && row.words.get(place - 1).equals(" is")) {
                    String name = sentence.substring(asked + question.length(), sentence.length() - 3);
                    (row.weights[place] == 1 ? learned : told).add(name + "[" + row.words.get(place) + "]");
                }
            }
        }
        Set<String> heldOut = heldOut(task, 4000);
        assertThat(learned).hasSizeGreaterThan(200).doesNotContainAnyElementsOf(heldOut);
        assertThat(told).containsAnyElementsOf(heldOut);
    }
}
