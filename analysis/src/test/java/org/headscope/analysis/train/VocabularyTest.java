package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.headscope.analysis.BundledTokenizer;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.WordLists;
import org.headscope.analysis.task.Words;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.tokens.Tokenized;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokens of the bundled model, as its tokenizer makes them. */
class VocabularyTest {
    private static final List<String> FILES = List.of("config.json", "tokenizer.json", "tokenizer_config.json");
    private static final Pattern WORD = Pattern.compile("\\p{L}+|\\d{1,2}|[^\\s\\p{L}\\d]");

    @TempDir
    Path folder;

    private final TextTokenizer tokenizer = BundledTokenizer.open();

    @AfterEach
    void close() {
        tokenizer.close();
    }

    private Tokenized encode(String text) {
        return tokenizer.encode(text, BosPolicy.NEVER);
    }

    @Test
    void twoBuildsAreTheSameByteForByteInAnyCountry() throws IOException {
        Locale before = Locale.getDefault();
        try {
            // Its numbers have digits of their own.
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            Recipe.bundled().write(folder);
        } finally {
            Locale.setDefault(before);
        }
        for (String file : FILES) {
            assertThat(folder.resolve(file))
                    .hasSameBinaryContentAs(BundledTokenizer.folder().resolve(file));
        }
    }

    @Test
    void thereAreSomeHundredTokensNoneTwice() {
        List<TaskGenerator> two = List.of(TaskRegistry.require("ioi"), TaskRegistry.require("addition"));
        List<String> tokens = Vocabulary.of(two, 1).tokens();
        assertThat(new HashSet<>(tokens)).hasSameSizeAs(tokens);
        assertThat(tokens).startsWith("<bos>", "<unk>", "<0x00>").contains("\u2581Mary", "\u2581went", "\u2581Compute");
        assertThat(tokenizer.vocabSize()).isBetween(500, 2000).isGreaterThan(tokens.size());
    }

    @Test
    void everyWordBehindABlankIsOneToken() {
        int[] a = encode("a").ids();
        assertThat(a).hasSize(1);
        for (String word : WordLists.all()) {
            int[] ids = encode("a " + word).ids();
            assertThat(ids).as(word).hasSize(2).startsWith(a);
            assertThat(tokenizer.tokenString(ids[1])).isEqualTo(" " + word);
        }
    }

    /** Even where another split would do with letters and bytes. */
    @Test
    void textOfEveryTaskIsSplitIntoItsWordsNumbersAndMarks() {
        SplittableRandom random = new SplittableRandom(12);
        Words world = Words.all();
        for (TaskGenerator task : TaskRegistry.all()) {
            for (int i = 0; i < 30; i++) {
                String text = task.draw(world, Split.TRAIN, random).passage().text();
                List<String> words =
                        WORD.matcher(text).results().map(match -> match.group()).toList();
                assertThat(encode(text).strings()).extracting(String::strip).isEqualTo(words);
            }
        }
    }

    @Test
    void yearsAreTwoTokensOfTwoDigits() {
        assertThat(encode("in 1732").strings()).containsExactly(" in", " 17", "32");
        assertThat(encode("year 1805").strings()).endsWith(" 18", "05");
        assertThat(encode("7 42").strings()).containsExactly(" 7", " 42");
    }

    @Test
    void whatIsNotInTheVocabularyIsSpelledAndReadAgain() {
        for (String text : List.of(
                "Zyzzyva quokka",
                "na\u00efve \u017b\u00f3\u0142w",
                "a \ud83e\udd89 b",
                "x_1 {y} <z>",
                "\u4f60\u597d")) {
            Tokenized tokens = encode(text);
            assertThat(tokenizer.decode(tokens.ids())).isEqualTo(text);
            assertThat(tokens.ids()).doesNotContain(tokenizer.unkId().orElseThrow());
        }
        assertThat(encode("\ud83e\udd89").strings()).containsExactly(" ", "<0xF0>", "<0x9F>", "<0xA6>", "<0x89>");
    }

    @Test
    void blanksAndLinesAreOneBlankAndNoneAtTheEnds() {
        int[] plain = encode("Mary and John").ids();
        assertThat(plain).hasSize(3);
        for (String text : List.of("Mary and John ", "Mary\nand John", " Mary  and\r\n\tJohn\n\n")) {
            assertThat(encode(text).ids()).isEqualTo(plain);
        }
    }

    @Test
    void textBeginsWithBosUnlessToldOtherwise() {
        Tokenized tokens = tokenizer.encode("Mary", BosPolicy.AUTO);
        assertThat(tokens.bosPrepended()).isTrue();
        assertThat(tokens.ids()).hasSize(2).startsWith(0);
        assertThat(tokens.strings()).containsExactly("<bos>", " Mary");
        assertThat(tokenizer.bosId()).hasValue(0);
        assertThat(encode("Mary").ids()).hasSize(1);
        assertThat(tokenizer.decode(tokens.ids())).isEqualTo("Mary");
    }

    @Test
    void theConfigurationSaysWhatTheTokenizerHas() throws IOException {
        String config = Files.readString(BundledTokenizer.folder().resolve("config.json"));
        assertThat(config)
                .contains("\"vocab_size\" : " + tokenizer.vocabSize())
                .contains("\"bos_token_id\" : " + tokenizer.bosId().orElseThrow())
                .contains("\"model_type\" : \"starcoder2\"");
        assertThat(Arrays.asList(new String[] {"<bos>", "<unk>"}))
                .containsExactly(tokenizer.tokenString(0), tokenizer.tokenString(1));
    }
}
