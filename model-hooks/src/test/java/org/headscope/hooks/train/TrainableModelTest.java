package org.headscope.hooks.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.testing.Acts;
import org.headscope.hooks.testing.NativeCount;
import org.headscope.hooks.train.NextTokenLoss.Lesson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainableModelTest {
    private static final TokenBatch TOKENS = TokenBatch.of(new int[] {0, 3, 7, 10, 3}, new int[] {5, 5, 1, 2, 9});

    @TempDir
    Path folder;

    @Test
    void whatWasTrainedAndSavedIsWhatTheLoaderOpens() throws IOException {
        reopened(TinyStart.llamaConfig(), folder.resolve("llama"));
        reopened(TinyStart.starcoderConfig(), folder.resolve("starcoder"));
    }

    private static void reopened(JsonNode config, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config.toString());
        try (TrainableModel trained = TrainableModel.of(config, TinyStart.random(8))) {
            Acts before = Acts.logits(trained.model(), TOKENS);
            learnOnce(trained);
            Acts after = Acts.logits(trained.model(), TOKENS);
            trained.save(folder.resolve("model.safetensors"));
            try (HookedTransformer loaded = ModelLoader.load(folder)) {
                assertThat(Acts.logits(loaded, TOKENS).same(after)).isTrue();
            }
            assertThat(after.distance(before)).isGreaterThan(1e-3);
        }
    }

    private static void learnOnce(TrainableModel trained) {
        float[] ones = {1, 1, 1, 1, 1};
        new NextTokenLoss(trained).learn(new Lesson(TOKENS.ids(), new float[][] {ones, ones}));
        AdamW.Settings settings = new AdamW.Settings(0.9, 0.98, 1e-8, 0.1, 1);
        try (NDManager manager = trained.model().newManager();
                AdamW optimizer = new AdamW(trained.parameters(), settings, manager)) {
            optimizer.step(0.01);
        }
    }

    @Test
    void restoredWeightsAreSeenAtOnceAndThoseOfAnotherModelChangeNothing() {
        try (TrainableModel source = TrainableModel.of(TinyStart.llamaConfig(), TinyStart.random(8));
                TrainableModel target = TrainableModel.of(TinyStart.llamaConfig(), TinyStart.random(9));
                TrainableModel other = TinyStart.starcoder()) {
            Acts before = Acts.logits(target.model(), TOKENS);
            assertThatThrownBy(() -> target.restore(other.parameters()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("has no 'model.layers.0.mlp.gate_proj.weight' of shape (12, 8)");
            assertThat(Acts.logits(target.model(), TOKENS).same(before)).isTrue();
            target.restore(source.parameters());
            assertThat(Acts.logits(target.model(), TOKENS).same(Acts.logits(source.model(), TOKENS)))
                    .isTrue();
        }
    }

    @Test
    void everyWeightIsCountedOnce() {
        try (TrainableModel llama = TinyStart.llama();
                TrainableModel starcoder = TinyStart.starcoder()) {
            int attention = 2 * 8 * 8 + 2 * 4 * 8;
            assertThat(llama.size()).isEqualTo(2 * 11 * 8 + 2 * (attention + 3 * 8 * 12 + 2 * 8) + 8);
            int biases = 8 + 4 + 4 + 8 + 12 + 8;
            assertThat(starcoder.size()).isEqualTo(11 * 8 + 2 * (attention + 2 * 8 * 12 + biases + 4 * 8) + 2 * 8);
        }
    }

    @Test
    void aFamilyThatRearrangesItsTensorsIsRefused() {
        try (NDManager parent = Engines.newManager()) {
            NDManager manager = parent.newSubManager();
            assertThatThrownBy(() -> TrainableModel.of(TinyStart.gpt2Config(), TinyStart.random(1), manager))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("rearranges the tensors")
                    .hasMessageContaining("llama or starcoder2");
            assertThat(NativeCount.below(parent)).isZero();
        }
    }

    @Test
    void aTensorThatBeginsWithTooFewValuesIsRefusedByNameAndFreesTheOthers() {
        StartValues start = (name, shape) -> name.endsWith("1.mlp.c_fc.weight")
                ? new float[7]
                : TinyStart.random(1).of(name, shape);
        try (NDManager parent = Engines.newManager()) {
            NDManager manager = parent.newSubManager();
            assertThatThrownBy(() -> TrainableModel.of(TinyStart.starcoderConfig(), start, manager))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("'model.layers.1.mlp.c_fc.weight' begins with 7 values")
                    .hasMessageContaining("(12, 8) has room for 96");
            assertThat(NativeCount.below(parent)).isZero();
        }
    }

    @Test
    void closingReleasesEverything() {
        try (NDManager parent = Engines.newManager()) {
            TrainableModel trained =
                    TrainableModel.of(TinyStart.llamaConfig(), TinyStart.random(1), parent.newSubManager());
            learnOnce(trained);
            assertThat(NativeCount.below(parent)).isGreaterThan(10);
            trained.close();
            assertThat(NativeCount.below(parent)).isZero();
        }
    }

    @Test
    void theUsualStartIsNarrowerWhereTheResidualStreamIsWritten() {
        RandomStart start = new RandomStart(new SplittableRandom(5), 0.04, 2);
        long[] shape = {100, 100};
        assertThat(deviation(start.of("model.layers.0.self_attn.q_proj.weight", shape)))
                .isBetween(0.039, 0.041);
        assertThat(deviation(start.of("model.layers.0.self_attn.o_proj.weight", shape)))
                .isBetween(0.0195, 0.0205);
        assertThat(deviation(start.of("model.layers.1.mlp.c_proj.weight", shape)))
                .isBetween(0.0195, 0.0205);
        assertThat(deviation(start.of("model.layers.1.mlp.down_proj.weight", shape)))
                .isBetween(0.0195, 0.0205);
        assertThat(start.of("model.norm.weight", new long[] {9})).hasSize(9).containsOnly(1);
        assertThat(start.of("model.norm.bias", new long[] {9})).hasSize(9).containsOnly(0);
    }

    private static double deviation(float[] values) {
        double squares = 0;
        for (float x : values) {
            squares += (double) x * x;
        }
        return Math.sqrt(squares / values.length);
    }

    @Test
    void theSameSeedGivesTheSameModel() {
        JsonNode config = TinyStart.starcoderConfig();
        try (TrainableModel one = TrainableModel.of(config, new RandomStart(new SplittableRandom(5), 0.04, 2));
                TrainableModel same = TrainableModel.of(config, new RandomStart(new SplittableRandom(5), 0.04, 2));
                TrainableModel other = TrainableModel.of(config, new RandomStart(new SplittableRandom(6), 0.04, 2))) {
            Acts logits = Acts.logits(one.model(), TOKENS);
            assertThat(Acts.logits(same.model(), TOKENS).same(logits)).isTrue();
            assertThat(Acts.logits(other.model(), TOKENS).same(logits)).isFalse();
        }
    }
}
