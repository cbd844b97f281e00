package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model trained to sort six letters, against its behaviour and against every step of its makers' own forward pass. */
@Tag("engine")
class SortModelTest {
    private static final String FOLDER = "models/llmviz-gpt-nano-sort";
    private static final int LETTERS = 6;
    private static final double TOLERANCE = 2e-5;

    @SuppressWarnings("NullAway.Init")
    private static HookedTransformer model;

    @SuppressWarnings("NullAway.Init")
    private static JsonNode partials;

    @BeforeAll
    static void open() {
        if (Reference.has(FOLDER)) {
            model = ModelLoader.load(Reference.require(FOLDER + "/hf"));
            partials = Golden.json(Reference.require(FOLDER + "/gpt-nano-sort-t0-partials.json"));
        }
    }

    @BeforeEach
    void requireModel() {
        Reference.require(FOLDER);
    }

    @AfterAll
    @SuppressWarnings("ConstantConditions")
    static void close() {
        if (model != null) {
            model.close();
        }
    }

    @Test
    void sortsEveryWordOfSixLetters() {
        int[][] words = new int[729][LETTERS];
        int[][] sorted = new int[729][];
        for (int w = 0; w < words.length; w++) {
            for (int i = 0, rest = w; i < LETTERS; i++, rest /= 3) {
                words[w][i] = rest % 3;
            }
            sorted[w] = words[w].clone();
            Arrays.sort(sorted[w]);
        }

        assertThat(Greedy.extend(model, words, LETTERS)).isDeepEqualTo(sorted);
    }

    @ParameterizedTest
    @CsvSource({
        "tok_emb, hook_embed",
        "x, blocks.0.hook_resid_pre",
        "ln1, blocks.0.ln1.hook_normalized",
        "y, blocks.0.attn.hook_z",
        "attSm, blocks.0.attn.hook_pattern",
        "yProj, blocks.0.hook_attn_out",
        "attnResid, blocks.0.hook_resid_mid",
        "ln2, blocks.0.ln2.hook_normalized",
        "fc, blocks.0.mlp.hook_pre",
        "gelu, blocks.0.mlp.hook_post",
        "mlp, blocks.0.hook_mlp_out",
        "block0, blocks.0.hook_resid_post",
        "block1, blocks.1.hook_resid_post",
        "block2, blocks.2.hook_resid_post",
        "ln_f, ln_final.hook_normalized"
    })
    void everyStepIsThatOfTheMakers(String step, String name) {
        HookSite site = HookSite.parse(name);
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(ids())).capture(site).build())) {
            assertThat(TinyModel.distance(run.cache().get(site).toFloatArray(), floats(step)))
                    .isLessThanOrEqualTo(TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"q, blocks.0.attn.hook_q", "k, blocks.0.attn.hook_k", "v, blocks.0.attn.hook_v"})
    void queriesKeysAndValuesAreThoseOfTheMakers(String step, String name) {
        HookSite site = HookSite.parse(name);
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(ids())).capture(site).build())) {
            float[] headsFirst = run.cache().get(site).transpose(0, 2, 1, 3).toFloatArray();
            assertThat(TinyModel.distance(headsFirst, floats(step))).isLessThanOrEqualTo(TOLERANCE);
        }
    }

    @Test
    void logitsAreThoseOfTheMakers() {
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ids())).build())) {
            assertThat(TinyModel.distance(run.logits().toFloatArray(), floats("lm_head")))
                    .isLessThanOrEqualTo(TOLERANCE);
        }
    }

    private static int[][] ids() {
        float[] flat = floats("idx");
        int length = partials.get("idx").get("shape").get(1).asInt();
        int[][] ids = new int[flat.length / length][length];
        for (int i = 0; i < flat.length; i++) {
            ids[i / length][i % length] = (int) flat[i];
        }
        return ids;
    }

    private static float[] floats(String step) {
        byte[] bytes = Base64.getDecoder().decode(partials.get(step).get("data").asText());
        float[] values = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
