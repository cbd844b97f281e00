package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskInterventions;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.io.BakedMask;
import org.headscope.analysis.session.Session;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** The same bytes were opened in transformers, where they also gave what hooks before {@code o_proj} gave. */
    @Test
    void checkpointWithAMaskBakedInGivesTheLogitsOfTheMask(@TempDir Path scratch) throws IOException {
        Path folder = scratch.resolve("baked");
        try (HookedTransformer model = ModelLoader.load(FOLDER)) {
            HeadMask mask = HeadMask.none(MaskShape.of(model.config().dims()))
                    .with(
                            List.of(MaskUnit.head(1, 4), MaskUnit.head(1, 5), MaskUnit.head(3, 0), MaskUnit.mlp(2)),
                            MaskSetting.ZERO);

            BakedMask.Written written = BakedMask.write(mask, model, Session.target(model), folder);

            assertThat(written.difference()).isLessThan(1e-5);
            assertThat(sha256(folder.resolve("model.safetensors")))
                    .isEqualTo("b6ff156766b0731519e3b5c1d0005b3b7c8d97f0d2ba525dcdec97d4e8b54633");
            List<SiteEdit> edits =
                    new Interventions(model.config()).compile(new MaskInterventions(Map.of()).compile(mask));
            for (JsonNode each : golden()) {
                last(model, edits, each, "maskedLastLogits");
            }
        }
    }

    /** The numbers are of transformers with its own state dict sliced and a configuration of six heads and three groups. */
    @Test
    void checkpointWithHeadsCutOutGivesTheLogitsOfTransformersWithoutThem(@TempDir Path scratch) throws IOException {
        Path folder = scratch.resolve("removed");
        try (HookedTransformer model = ModelLoader.load(FOLDER)) {
            List<MaskUnit> group = IntStream.range(0, model.config().dims().layers())
                    .boxed()
                    .flatMap(layer ->
                            Stream.of(MaskUnit.head(layer, layer % 4 * 2), MaskUnit.head(layer, layer % 4 * 2 + 1)))
                    .toList();
            HeadMask mask = HeadMask.none(MaskShape.of(model.config().dims())).with(group, MaskSetting.ZERO);

            BakedMask.Written written = BakedMask.writeRemoved(mask, model, Session.target(model), folder);

            assertThat(written.difference()).isLessThan(1e-4);
        }
        assertThat(Files.size(folder.resolve("model.safetensors")))
                .isLessThan(Files.size(FOLDER.resolve("model.safetensors")));
        try (HookedTransformer removed = ModelLoader.load(folder)) {
            assertThat(removed.config().dims().heads()).isEqualTo(6);
            for (JsonNode each : golden("/world-6l-removed-transformers.json")) {
                last(removed, List.of(), each, "removedLastLogits");
            }
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void last(HookedTransformer model, List<SiteEdit> edits, JsonNode golden, String key) {
        RunRequest request = RunRequest.of(TokenBatch.of(ints(golden.path("ids"))))
                .edits(edits)
                .lastLogits()
                .build();
        try (RunResult run = model.run(request)) {
            float[] logits = run.logits().toFloatArray();
            assertThat(golden.path(key)).hasSize(logits.length);
            for (int token = 0; token < logits.length; token++) {
                assertThat(logits[token])
                        .isCloseTo((float) golden.path(key).get(token).asDouble(), within(2e-4f));
            }
        }
    }

    private static void same(HookedTransformer model, JsonNode golden) {
        last(model, List.of(), golden, "lastLogits");
        int[] ids = ints(golden.path("ids"));
        int vocab = model.config().dims().vocab();
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ids)).build())) {
            float[] logits = run.logits().toFloatArray();
            assertThat(logits).hasSize(ids.length * vocab);
            int[] likeliest = IntStream.range(0, ids.length)
                    .map(at -> argmax(logits, at * vocab, vocab))
                    .toArray();
            assertThat(likeliest).containsExactly(ints(golden.path("argmax")));
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
        return golden("/world-6l-transformers.json");
    }

    private static JsonNode golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(BundledModelInTransformersTest.class.getResourceAsStream(name))) {
            return new ObjectMapper().readTree(in);
        }
    }
}
