package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The shipped folder opens elsewhere too: token ids and logits that AutoTokenizer and AutoModelForCausalLM of transformers
 * 5.18 gave for it (eager attention, float32) are those of this project.
 */
@Tag("engine")
class BundledModelInTransformersTest {
    private static final Path FOLDER = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");

    @Test
    void idsAndLogitsAreThoseOfTransformers() throws IOException {
        JsonNode cases = golden();
        assertThat(cases).hasSize(3);
        try (HookedTransformer model = ModelLoader.load(FOLDER)) {
            for (JsonNode each : cases) {
                String text = each.path("text").asText();
                int[] ids = Objects.requireNonNull(model.tokenizer())
                        .encode(text, BosPolicy.AUTO)
                        .ids();
                assertThat(ids).as(text).containsExactly(ints(each.path("ids")));
                same(model, each);
            }
        }
    }

    private static void same(HookedTransformer model, JsonNode golden) {
        int[] ids = ints(golden.path("ids"));
        int vocab = model.config().dims().vocab();
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ids)).build())) {
            float[] logits = run.logits().toFloatArray();
            assertThat(logits).hasSize(ids.length * vocab);
            int[] likeliest = IntStream.range(0, ids.length)
                    .map(at -> argmax(logits, at * vocab, vocab))
                    .toArray();
            assertThat(likeliest).containsExactly(ints(golden.path("argmax")));
            for (int token = 0; token < vocab; token++) {
                assertThat(logits[(ids.length - 1) * vocab + token])
                        .isCloseTo((float) golden.path("lastLogits").get(token).asDouble(), within(2e-4f));
            }
        }
    }

    private static int argmax(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            best = values[from + i] > values[from + best] ? i : best;
        }
        return best;
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static JsonNode golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                BundledModelInTransformersTest.class.getResourceAsStream("/world-6l-transformers.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }
}
