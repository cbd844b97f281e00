package org.headscope.hooks.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.hooks.Reference;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every string of every golden file of the reference library: ids, tokens, places and the way back. */
class TokenizerGoldensTest {
    @TestFactory
    Stream<DynamicContainer> shippedTokenizersGiveWhatTheReferenceGives() {
        return Stream.of("bpe_gpt2", "sp_bpe_llama2", "wordpiece_bert")
                .map(name -> allCases(name, Tokenizers.folder(name)));
    }

    @TestFactory
    Stream<DynamicContainer> allReferenceTokenizersGiveWhatTheReferenceGives() {
        Path folder = Reference.require("tiny/tokenizers");
        return Stream.of("bpe_llama3", "bpe_roberta", "sp_bpe_metaspace_first", "sp_bpe_gemma", "unigram_t5")
                .map(name -> allCases(name, folder.resolve(name)));
    }

    private static DynamicContainer allCases(String name, Path folder) {
        TextTokenizer tokenizer = TextTokenizer.load(folder);
        JsonNode golden = Tokenizers.json(folder.resolve("tokenizer-golden.json"));
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(DynamicTest.dynamicTest("vocabulary size", () -> assertThat(tokenizer.vocabSize())
                .isEqualTo(golden.get("vocab_size").asInt())));
        golden.get("cases")
                .forEach(one -> tests.add(DynamicTest.dynamicTest(
                        Tokenizers.JSON.valueToTree(one.get("text").asText()).toString(),
                        () -> check(tokenizer, one))));
        tests.add(DynamicTest.dynamicTest("all 48 were there", () -> {
            tokenizer.close();
            assertThat(golden.get("cases")).hasSize(48);
        }));
        return DynamicContainer.dynamicContainer(name, tests);
    }

    private static void check(TextTokenizer tokenizer, JsonNode expected) {
        String text = expected.get("text").asText();
        Tokenized tokenized = tokenizer.encode(text, BosPolicy.AUTO);

        assertThat(tokenized.ids()).as("ids").isEqualTo(ints(expected.get("ids")));
        assertThat(tokenized.pieces()).as("tokens").isEqualTo(strings(expected.get("tokens")));
        assertThat(tokenized.spans()).as("places").isEqualTo(spans(text, expected.get("offsets")));
        assertThat(tokenizer.decode(tokenized.ids()))
                .as("decoded")
                .isEqualTo(expected.get("decoded").asText());
        assertThat(tokenizer.decodeWithSpecial(tokenized.ids()))
                .as("decoded with special tokens")
                .isEqualTo(expected.get("decoded_with_special").asText());
        checkWithoutBos(tokenizer, text, expected);
    }

    /** Without BOS: the ids without special tokens, then whatever the template puts at the end. */
    private static void checkWithoutBos(TextTokenizer tokenizer, String text, JsonNode expected) {
        int[] bare = ints(expected.get("ids_without_special"));
        int[] full = ints(expected.get("ids"));
        int[] without = tokenizer.encode(text, BosPolicy.NEVER).ids();

        int prefix = tokenizer.bos(BosPolicy.AUTO).prepend() ? 1 : 0;
        assertThat(without).as("without BOS").hasSize(full.length - prefix);
        assertThat(Arrays.copyOf(without, bare.length)).as("without BOS").isEqualTo(bare);
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    private static List<String> strings(JsonNode array) {
        List<String> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asText()));
        return values;
    }

    private static List<Span> spans(String text, JsonNode array) {
        List<Span> values = new ArrayList<>();
        for (Iterator<JsonNode> it = array.elements(); it.hasNext(); ) {
            JsonNode pair = it.next();
            values.add(new Span(
                    text.offsetByCodePoints(0, pair.get(0).asInt()),
                    text.offsetByCodePoints(0, pair.get(1).asInt())));
        }
        return values;
    }
}
