package org.headscope.hooks.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.hooks.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTokenizerTest {
    @TempDir
    private Path folder;

    @Test
    void aTokenizerWithoutBosAddsNoneByItself() {
        try (TextTokenizer tokenizer = Tokenizers.load("bpe_gpt2")) {
            assertThat(tokenizer.encode("the", BosPolicy.AUTO).bosPrepended()).isFalse();
            assertThat(tokenizer.bos(BosPolicy.AUTO).reason()).contains("nothing in front");
        }
    }

    @Test
    void aTokenizerWithBosAddsItByItself() {
        try (TextTokenizer tokenizer = Tokenizers.load("sp_bpe_llama2")) {
            Tokenized tokenized = tokenizer.encode("the", BosPolicy.AUTO);

            assertThat(tokenized.bosPrepended()).isTrue();
            assertThat(tokenized.strings().get(0)).isEqualTo("<s>");
            assertThat(tokenizer.bos(BosPolicy.AUTO).reason()).contains("<s>");
        }
    }

    @Test
    void alwaysPutsTheNamedBosInFront() throws IOException {
        Tokenizers.copy("bpe_gpt2", folder);
        Files.writeString(folder.resolve("config.json"), "{\"bos_token_id\": 0}");
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            Tokenized with = tokenizer.encode("the", BosPolicy.ALWAYS);
            Tokenized without = tokenizer.encode("the", BosPolicy.NEVER);

            assertThat(with.strings()).startsWith("<|endoftext|>");
            assertThat(with.spans()).startsWith(new Span(0, 0));
            assertThat(with.length()).isEqualTo(without.length() + 1);
        }
    }

    @Test
    void alwaysAddsNoSecondBos() {
        try (TextTokenizer tokenizer = Tokenizers.load("sp_bpe_llama2")) {
            assertThat(tokenizer.encode("the", BosPolicy.ALWAYS).ids())
                    .isEqualTo(tokenizer.encode("the", BosPolicy.AUTO).ids());
        }
    }

    @Test
    void alwaysIsRefusedWhereNoBosIsNamed() {
        try (TextTokenizer tokenizer = Tokenizers.load("bpe_gpt2")) {
            assertThatThrownBy(() -> tokenizer.encode("the", BosPolicy.ALWAYS))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContaining("Choose AUTO or NEVER");
        }
    }

    @Test
    void neverLeavesTheEndOfTheTemplateAlone() {
        try (TextTokenizer tokenizer = Tokenizers.load("wordpiece_bert")) {
            Tokenized tokenized = tokenizer.encode("the", BosPolicy.NEVER);

            assertThat(tokenized.strings()).doesNotContain("[CLS]").endsWith("[SEP]");
            assertThat(tokenized.bosPrepended()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"bpe_gpt2, true", "sp_bpe_llama2, false"})
    void tokenizerConfigOverridesTheTemplate(String name, boolean addsBos) throws IOException {
        Tokenizers.copy(name, folder);
        String bos = name.equals("bpe_gpt2") ? "<|endoftext|>" : "<s>";
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"add_bos_token\": " + addsBos + ", \"bos_token\": {\"content\": \"" + bos + "\"}}");
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            assertThat(tokenizer.encode("the", BosPolicy.AUTO).bosPrepended()).isEqualTo(addsBos);
            assertThat(tokenizer.bos(BosPolicy.AUTO).reason()).contains("add_bos_token");
        }
    }

    @ParameterizedTest
    @EnumSource(BosPolicy.class)
    void thePolicyIsRecorded(BosPolicy policy) {
        try (TextTokenizer tokenizer = Tokenizers.load("sp_bpe_llama2")) {
            assertThat(tokenizer.encode("the", policy).policy()).isEqualTo(policy);
        }
    }

    @Test
    void longTextsAreNotCut() {
        try (TextTokenizer tokenizer = Tokenizers.load("bpe_gpt2")) {
            String text = "word ".repeat(5_000);

            assertThat(tokenizer.decode(tokenizer.encode(text, BosPolicy.AUTO).ids()))
                    .isEqualTo(text);
        }
    }

    @Test
    void truncationAndPaddingOfTheFileAreSwitchedOff() throws IOException {
        ObjectNode json =
                (ObjectNode) Tokenizers.json(Tokenizers.folder("bpe_gpt2").resolve("tokenizer.json"));
        json.putObject("truncation")
                .put("direction", "Right")
                .put("max_length", 3)
                .put("strategy", "LongestFirst")
                .put("stride", 0);
        ObjectNode padding = json.putObject("padding");
        padding.putObject("strategy").put("Fixed", 40);
        padding.put("direction", "Right")
                .putNull("pad_to_multiple_of")
                .put("pad_id", 0)
                .put("pad_type_id", 0);
        padding.put("pad_token", "<|endoftext|>");
        Tokenizers.JSON.writeValue(folder.resolve("tokenizer.json").toFile(), json);
        try (TextTokenizer tokenizer = TextTokenizer.load(folder);
                TextTokenizer plain = Tokenizers.load("bpe_gpt2")) {
            assertThat(tokenizer.encode("one two three four", BosPolicy.AUTO).ids())
                    .isEqualTo(
                            plain.encode("one two three four", BosPolicy.AUTO).ids());
        }
    }

    @Test
    void placesCountJavaCharsAlsoBehindAnEmoji() {
        try (TextTokenizer tokenizer = Tokenizers.load("sp_bpe_llama2")) {
            String text = "\uD83D\uDE00 the";
            Tokenized tokenized = tokenizer.encode(text, BosPolicy.NEVER);

            Span last = tokenized.spans().get(tokenized.length() - 1);
            assertThat(last.end()).isEqualTo(text.length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "a\uD83Db", "\uDE00\uD83D"})
    void halfACharacterIsRefused(String text) {
        try (TextTokenizer tokenizer = Tokenizers.load("bpe_gpt2")) {
            assertThatThrownBy(() -> tokenizer.encode(text, BosPolicy.AUTO))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContaining("surrogate");
        }
    }

    @Test
    void tokensAreReadable() {
        try (TextTokenizer tokenizer = Tokenizers.load("bpe_gpt2")) {
            Tokenized tokenized = tokenizer.encode("a the\n", BosPolicy.AUTO);

            assertThat(String.join("", tokenized.strings())).isEqualTo("a the\n");
            assertThat(tokenized.strings()).anyMatch(token -> token.startsWith(" "));
        }
    }

    @Test
    void piecesOfACharacterAreShownAsBytes() {
        try (TextTokenizer tokenizer = Tokenizers.load("bpe_gpt2")) {
            assertThat(tokenizer.encode("ж", BosPolicy.AUTO).strings()).containsExactly("<0xD0>", "<0xB6>");
        }
    }

    @Test
    void blanksOfSentencePieceAreShownAsBlanks() {
        try (TextTokenizer tokenizer = Tokenizers.load("sp_bpe_llama2")) {
            assertThat(String.join(
                            "", tokenizer.encode("the cat", BosPolicy.NEVER).strings()))
                    .isEqualTo(" the cat");
        }
    }

    @Test
    void anUnknownWordIsShownAsTheModelSeesItAndAsItWasTyped() {
        try (TextTokenizer tokenizer = Tokenizers.load("wordpiece_bert")) {
            Tokenized tokenized = tokenizer.encode("漢", BosPolicy.NEVER);

            assertThat(tokenized.strings()).startsWith("[UNK]");
            assertThat(tokenized.spans()).startsWith(new Span(0, 1));
        }
    }

    @Test
    void anIdBeyondTheVocabularyIsShownAsSuch() {
        try (TextTokenizer tokenizer = Tokenizers.load("bpe_gpt2")) {
            assertThat(tokenizer.tokenString(50_300)).isEqualTo("<id 50300>");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5_000, Integer.MIN_VALUE})
    void decodingAnUnknownIdIsRefused(int id) {
        try (TextTokenizer tokenizer = Tokenizers.load("bpe_gpt2")) {
            assertThatThrownBy(() -> tokenizer.decode(new int[] {1, id}))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContaining(String.valueOf(id));
        }
    }

    @Test
    void anAnswerOfOneTokenIsFound() {
        try (TextTokenizer tokenizer = Tokenizers.load("bpe_gpt2")) {
            int id = tokenizer.idOfSingleToken(" the");

            assertThat(tokenizer.tokenString(id)).isEqualTo(" the");
        }
    }

    @Test
    void anAnswerOfSeveralTokensIsRefusedWithItsPieces() {
        try (TextTokenizer tokenizer = Tokenizers.load("bpe_gpt2")) {
            assertThatThrownBy(() -> tokenizer.idOfSingleToken("the the"))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContaining("' the'")
                    .hasMessageContaining("tokens");
        }
    }

    @Test
    void anAnswerThatCannotBeSpelledIsRefused() {
        try (TextTokenizer tokenizer = Tokenizers.load("wordpiece_bert")) {
            assertThatThrownBy(() -> tokenizer.idOfSingleToken("漢"))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContaining("[UNK]");
        }
    }

    @Test
    void specialTokensComeFromTheFilesBeside() throws IOException {
        Tokenizers.copy("sp_bpe_llama2", folder);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"</s>\", \"pad_token\": null}");
        Files.writeString(
                folder.resolve("generation_config.json"), "{\"eos_token_id\": [2, 7, 99999], \"bos_token_id\": 1}");
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            assertThat(tokenizer.bosId()).hasValue(1);
            assertThat(tokenizer.eosIds()).containsExactly(2, 7);
            assertThat(tokenizer.padId()).isEmpty();
            assertThat(tokenizer.unkId()).hasValue(0);
        }
    }

    @Test
    void aRoleThatIsNullIsNotTheTokenSpelledNull() throws IOException {
        ObjectNode json =
                (ObjectNode) Tokenizers.json(Tokenizers.folder("bpe_gpt2").resolve("tokenizer.json"));
        ((ObjectNode) json.get("model").get("vocab")).put("null", 9_999);
        Tokenizers.JSON.writeValue(folder.resolve("tokenizer.json").toFile(), json);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\": null}");
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            assertThat(tokenizer.bosId()).isEmpty();
            assertThat(tokenizer.unkId()).isEmpty();
        }
    }

    @Test
    void theRealGpt2TokenizerGivesThePublishedIds() {
        Path gpt2 = Reference.require("models/tokenizer-gpt2");
        try (TextTokenizer tokenizer = TextTokenizer.load(gpt2)) {
            assertThat(tokenizer.vocabSize()).isEqualTo(50_257);
            assertThat(tokenizer
                            .encode("Data visualization empowers users to", BosPolicy.AUTO)
                            .ids())
                    .containsExactly(6601, 32704, 795, 30132, 2985, 284);
            assertThat(tokenizer.idOfSingleToken(" Mary")).isEqualTo(5335);
            assertThat(tokenizer.tokenString(5335)).isEqualTo(" Mary");
        }
    }

    @Test
    void theRealStoriesTokenizerReadsBackItsText() {
        Path stories = Reference.require("models/stories260K/hf");
        try (TextTokenizer tokenizer = TextTokenizer.load(stories)) {
            Tokenized tokenized = tokenizer.encode("Once upon a time, there was", BosPolicy.AUTO);

            assertThat(tokenized.ids()).startsWith(1, 403, 407, 261, 378, 432, 383, 286);
            assertThat(tokenizer.decode(tokenized.ids())).isEqualTo("Once upon a time, there was");
        }
    }
}
