package org.headscope.hooks.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The native library stops the process over some malformed files, so they must not reach it. */
class BadTokenizerTest {
    @TempDir
    private Path folder;

    @Test
    void aMissingTokenizerIsNamedWithWhatToDo() {
        assertThatThrownBy(() -> TextTokenizer.load(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining("token ids");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{} {}",
                "null",
                "{\"model\": 3}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": \"x\"}, \"merges\": []}}",
                "{\"model\": {\"type\": \"Nonesuch\", \"vocab\": {\"a\": 0}}}"
            })
    void aMalformedTokenizerIsRefused(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json);

        assertThatThrownBy(() -> TextTokenizer.load(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.json");
    }

    @Test
    void aTemplateWithAnUndefinedTokenIsRefused() throws IOException {
        ObjectNode json =
                (ObjectNode) Tokenizers.json(Tokenizers.folder("wordpiece_bert").resolve("tokenizer.json"));
        ((ObjectNode) json.get("post_processor").get("special_tokens")).remove("[CLS]");
        Tokenizers.JSON.writeValue(folder.resolve("tokenizer.json").toFile(), json);

        assertThatThrownBy(() -> TextTokenizer.load(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("[CLS]");
    }

    @Test
    void aMalformedNeighbourIsRefused() throws IOException {
        Tokenizers.copy("bpe_gpt2", folder);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{");

        assertThatThrownBy(() -> TextTokenizer.load(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer_config.json");
    }

    @Test
    void damagedTokenizersAreUsedOrRefused(TestReporter reporter) throws IOException {
        long seed = Long.getLong("tests.seed", 20_260_117);
        reporter.publishEntry("tests.seed", String.valueOf(seed));
        SplittableRandom random = new SplittableRandom(seed);
        int used = 0;
        for (int i = 0; i < 600; i++) {
            String name = i % 2 == 0 ? "wordpiece_bert" : "sp_bpe_llama2";
            byte[] sound = Files.readAllBytes(Tokenizers.folder(name).resolve("tokenizer.json"));
            used += usable(damaged(sound, random)) ? 1 : 0;
        }
        assertThat(used).isBetween(1, 599);
    }

    private boolean usable(byte[] content) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.deleteIfExists(file);
        Files.write(file, content);
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            int[] ids = tokenizer
                    .encode("Hello wörld \uD83D\uDE00 the", BosPolicy.AUTO)
                    .ids();
            tokenizer.decode(ids);
            return true;
        } catch (TokenizerException e) {
            return false;
        }
    }

    private static byte[] damaged(byte[] sound, SplittableRandom random) {
        byte[] bytes = sound.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(32, 127);
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
