package org.headscope.analysis.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void listsAreThoseOnDisk() {
        Words all = Words.all();
        assertThat(all.list(1, "names")).isEqualTo(WordLists.column("names", "name"));
        assertThat(all.rows(1, "countries", "country", "capital"))
                .isEqualTo(WordLists.rows("countries").stream()
                        .map(row -> List.of(row.getOrDefault("country", ""), row.getOrDefault("capital", "")))
                        .toList());
        assertThat(all.things(1, "fruit")).contains("apple", "orange").doesNotContain("dog", "red");
    }

    @Test
    void thereAreAtLeastSixtyCountriesEachWithACapitalOfItsOwn() {
        List<String> countries = WordLists.column("countries", "country");
        assertThat(countries).hasSizeGreaterThanOrEqualTo(60).doesNotHaveDuplicates();
        assertThat(WordLists.column("countries", "capital"))
                .hasSameSizeAs(countries)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(countries);
    }

    @Test
    void noWordStandsForTwoThings() {
        for (String list : List.of("names", "events", "nouns", "verbs", "things")) {
            List<String> words = WordLists.rows(list).stream()
                    .map(row -> row.values().iterator().next())
                    .toList();
            assertThat(new HashSet<>(words)).as(list).hasSameSizeAs(words);
        }
        assertThat(WordLists.column("names", "name"))
                .doesNotContainAnyElementsOf(WordLists.column("countries", "country"));
    }

    @Test
    void onlyUsableWordsAreLeftAndRowsNeedAllTheirWords() {
        Words some = Words.where(word -> !word.equals("Paris") && !word.equals("Italy") && word.length() > 3);
        assertThat(some.rows(1, "countries", "country", "capital"))
                .extracting(row -> row.get(0))
                .contains("Germany")
                .doesNotContain("France", "Italy");
        assertThat(some.list(1, "names")).contains("Mary").doesNotContain("Tom");
        assertThat(some.rows(1, "countries", "country", "language"))
                .extracting(row -> row.get(0))
                .contains("France")
                .doesNotContain("Ireland");
    }

    @Test
    void tooFewWordsAreRefusedWithTheirNumber() {
        Words few = Words.where(List.of("Mary", "John", "dog")::contains);
        assertThatThrownBy(() -> few.list(3, "names"))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("Only 2 of the names")
                .hasMessageContaining("needs 3");
        assertThatThrownBy(() -> few.things(2, "animal")).hasMessageContaining("Only 1 of the animals");
        assertThatThrownBy(() -> few.rows(1, "countries", "country")).hasMessageContaining("Only 0 of the countries");
    }

    @Test
    void numbersCountUpToTheFirstThatIsMissing() {
        assertThat(Words.all().numbers(100)).isEqualTo(100);
        Words some = Words.where(word -> !word.equals("37"));
        assertThat(some.numbers(37)).isEqualTo(37);
        assertThatThrownBy(() -> some.numbers(50))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("numbers up to 36, but the task needs them up to 49");
        assertThatThrownBy(() -> Words.where(word -> false).numbers(1)).hasMessageContaining("has no number");
    }

    @Test
    void aSampleHasDifferentElementsAndReachesAll() {
        SplittableRandom random = new SplittableRandom(3);
        List<Integer> from = List.of(1, 2, 3, 4, 5);
        HashSet<Object> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            List<Integer> sample = Words.sample(from, 2, random);
            assertThat(sample).hasSize(2).doesNotHaveDuplicates();
            seen.add(sample);
        }
        assertThat(seen).hasSize(20);
    }

    @Test
    void anUnknownTaskIsRefusedWithTheListOfThoseThereAre() {
        assertThatThrownBy(() -> TaskRegistry.require("chess"))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("'chess'")
                .hasMessageContaining("repeat, phrase, ioi");
        assertThat(TaskRegistry.all()).extracting(task -> task.info().id()).doesNotHaveDuplicates();
    }

    @Test
    void aTenthOfAllCombinationsIsHeldOut() {
        int heldOut = 0;
        for (int i = 0; i < 10_000; i++) {
            heldOut += Split.of("sum " + i) == Split.HELD_OUT ? 1 : 0;
        }
        assertThat(heldOut).isBetween(900, 1100);
    }
}
