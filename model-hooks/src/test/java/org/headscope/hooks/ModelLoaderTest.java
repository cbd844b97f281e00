package org.headscope.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.headscope.hooks.checkpoint.CheckpointException;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.testing.NativeCount;
import org.headscope.hooks.testing.TinyCheckpoint;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.weights.ProcessingStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLoaderTest {
    private static final String DOWN = "model.layers.0.mlp.down_proj.weight";

    @TempDir
    Path folder;

    @Test
    void aFolderBecomesAModelThatRuns() {
        new TinyCheckpoint().write(folder);
        try (HookedTransformer model = ModelLoader.load(folder);
                RunResult run = model.run(
                        RunRequest.of(TokenBatch.of(new int[] {1, 2, 3})).build())) {
            assertThat(run.logits().getShape().getShape()).containsExactly(1, 3, TinyCheckpoint.VOCAB);
        }
    }

    @Test
    void aModelKnowsItsNamePathAndNumberTypes() {
        new TinyCheckpoint().write(folder);
        try (HookedTransformer model = ModelLoader.load(folder.resolve("model.safetensors"))) {
            ModelIdentity identity = model.identity();
            assertThat(identity.name()).isEqualTo(String.valueOf(folder.getFileName()));
            assertThat(identity.path()).isEqualTo(folder.resolve("model.safetensors"));
            assertThat(identity.numerics().label()).isEqualTo("raw");
            assertThat(identity.numerics().describe()).isEqualTo("raw, float32");
            assertThat(identity.warnings()).isEmpty();
        }
    }

    @Test
    void theHashIsThatOfTheCheckpoint() {
        new TinyCheckpoint().write(folder);
        try (HookedTransformer model = ModelLoader.load(folder);
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(model.identity().hash()).isEqualTo(checkpoint.hash()).hasSize(64);
        }
    }

    @Test
    void otherWeightsHaveAnotherHash() {
        new TinyCheckpoint().write(folder);
        String before = hash();
        new TinyCheckpoint().set(DOWN, 3, 0.25f).write(folder);
        assertThat(hash()).isNotEqualTo(before);
    }

    @Test
    void theHashOfFilesThatChangedSinceIsRefused() {
        new TinyCheckpoint().write(folder);
        try (HookedTransformer model = ModelLoader.load(folder)) {
            new TinyCheckpoint().tensor("extra", 2).write(folder);
            assertThatThrownBy(() -> model.identity().hash())
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("changed since the model was loaded");
        }
    }

    @Test
    void aTensorThatNobodyReadsIsAWarning() {
        new TinyCheckpoint().tensor("model.layers.0.surprise.weight", 2).write(folder);
        try (HookedTransformer model = ModelLoader.load(folder)) {
            assertThat(model.identity().warnings()).singleElement().satisfies(warning -> assertThat(warning)
                    .contains("model.layers.0.surprise.weight"));
        }
    }

    @Test
    void weightsThatAreNoNumbersAreRefusedWithTensorAndPlace() {
        new TinyCheckpoint().set(DOWN, 17, Float.NaN).set(DOWN, 30, Float.NaN).write(folder);
        assertThatThrownBy(() -> ModelLoader.load(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(DOWN)
                .hasMessageContaining("17");
    }

    @Test
    void infiniteWeightsAreRefused() {
        new TinyCheckpoint().set(DOWN, 0, Float.NEGATIVE_INFINITY).write(folder);
        assertThatThrownBy(() -> ModelLoader.load(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(DOWN);
    }

    @Test
    void anUnknownArchitectureIsNamedAlongWithTheKnownOnes() {
        new TinyCheckpoint().type("mamba").write(folder);
        assertThatThrownBy(() -> ModelLoader.load(folder))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("mamba")
                .hasMessageContaining("llama");
    }

    @Test
    void loadingThatFailsHalfWayLeavesNoNativeMemoryBehind() {
        new TinyCheckpoint().without("lm_head.weight").write(folder);
        try (NDManager parent = Engines.newManager()) {
            NDManager manager = parent.newSubManager();
            assertThatThrownBy(() -> ModelLoader.load(folder, LoadOptions.RAW, manager))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("lm_head.weight");
            assertThat(NativeCount.below(parent)).isZero();
        }
    }

    @Test
    void closingAModelReleasesItsNativeMemory() {
        new TinyCheckpoint().write(folder);
        try (NDManager parent = Engines.newManager()) {
            HookedTransformer model = ModelLoader.load(folder, LoadOptions.RAW, parent.newSubManager());
            assertThat(NativeCount.below(parent)).isGreaterThan(10);
            model.close();
            assertThat(NativeCount.below(parent)).isZero();
        }
    }

    @Test
    void processedWeightsAreLabelledAndSkippedStepsExplained() {
        new TinyCheckpoint().write(folder);
        try (HookedTransformer model = ModelLoader.load(folder, LoadOptions.PROCESSED)) {
            assertThat(model.identity().numerics().describe())
                    .isEqualTo("processed (fold_ln, center_unembed), float32");
            assertThat(model.identity().warnings())
                    .anySatisfy(warning -> assertThat(warning).contains("center_writing_weights", "RMSNorm"));
        }
    }

    @Test
    void aStepThatDoesNotFitIsRefusedWhenAskedForExactly() {
        new TinyCheckpoint().write(folder);
        LoadOptions options = LoadOptions.exactly(ProcessingStep.CENTER_WRITING_WEIGHTS);
        assertThatThrownBy(() -> ModelLoader.load(folder, options)).hasMessageContaining("center_writing_weights");
    }

    @Test
    void processingKeepsNothingButTheNewWeights() {
        new TinyCheckpoint().write(folder);
        try (NDManager parent = Engines.newManager();
                HookedTransformer model = ModelLoader.load(folder, LoadOptions.PROCESSED, parent.newSubManager())) {
            assertThat(NativeCount.below(parent))
                    .isEqualTo(1 + model.weights().arrays().size());
        }
    }

    @Test
    void aModelWithoutTokenizerSaysWhy() {
        new TinyCheckpoint().write(folder);
        try (HookedTransformer model = ModelLoader.load(folder)) {
            assertThat(model.tokenizer()).isNull();
            assertThat(model.identity().noTokenizer()).contains("tokenizer.json");
            assertThat(model.identity().warnings()).isEmpty();
        }
    }

    @Test
    void aBrokenTokenizerIsAWarningAndNoObstacle() throws IOException {
        new TinyCheckpoint().write(folder);
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        try (HookedTransformer model = ModelLoader.load(folder)) {
            assertThat(model.tokenizer()).isNull();
            assertThat(model.identity().warnings()).singleElement().satisfies(warning -> assertThat(warning)
                    .contains("tokenizer.json"));
        }
    }

    @Test
    void theTokenizerBesideTheWeightsIsLoaded() throws IOException {
        withTokenizer(3);
        try (HookedTransformer model = ModelLoader.load(folder.resolve("model.safetensors"))) {
            assertThat(model.identity().noTokenizer()).isNull();
            assertThat(Objects.requireNonNull(model.tokenizer())
                            .encode("b a", BosPolicy.NEVER)
                            .ids())
                    .containsExactly(2, 1);
        }
    }

    @Test
    void aTokenizerWithMoreTokensThanTheModelIsAWarning() throws IOException {
        withTokenizer(TinyCheckpoint.VOCAB + 2);
        try (HookedTransformer model = ModelLoader.load(folder)) {
            assertThat(model.identity().warnings()).singleElement().satisfies(warning -> assertThat(warning)
                    .contains("11 tokens", "only 9"));
        }
    }

    private void withTokenizer(int tokens) throws IOException {
        new TinyCheckpoint().write(folder);
        String words = IntStream.range(1, tokens)
                .mapToObj(id -> ", \"" + (char) ('a' + id - 1) + "\": " + id)
                .collect(Collectors.joining());
        Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [
                   {"id": 0, "content": "<bos>", "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true}],
                 "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "vocab": {"<bos>": 0%s}, "unk_token": "<bos>"}}
                """
                        .formatted(words));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\": \"<bos>\"}");
    }

    private String hash() {
        try (HookedTransformer model = ModelLoader.load(folder)) {
            return model.identity().hash();
        }
    }
}
