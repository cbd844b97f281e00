package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.headscope.analysis.TinyReference;
import org.headscope.analysis.result.Findings;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lens over checkpoints: those of the reference, and the shipped one. */
@Tag("engine")
class LogitLensReferenceTest {
    private static final Path SHIPPED = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
    private static final int ANSWER = 7;

    /** Soft caps, an output bias, an embedding norm, norms behind attention, parallel blocks: all must be read right. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "gpt_neox",
                "gptj",
                "bloom",
                "opt",
                "llama",
                "gemma2",
                "gemma3",
                "olmo2",
                "phi",
                "stablelm",
                "falcon"
            })
    void readsTheStreamsOfTheReferenceInEveryKindOfDecoder(String family) {
        TinyReference reference = TinyReference.of(family);
        int[] ids = TinyReference.ids(reference.info().get("input_ids").get(0));
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            Findings found = LensChecks.run(model, ids, List.of(ANSWER), List.of());

            LensOracle oracle = LensOracle.of(model, true);
            int layers = model.config().dims().layers();
            int vocab = model.config().dims().vocab();
            double[] logits = reference.values("logits");
            for (int row = 0; row <= layers; row++) {
                double[] streams = reference.values(row < layers ? "hidden_states." + row : "resid_final");
                for (int p = 0; p < ids.length; p++) {
                    double[] read = oracle.probabilities(
                            slice(streams, p, model.config().dims().dModel()));
                    double[] said = LensOracle.softmax(slice(logits, p, vocab));
                    LensChecks.assertCell(found, row, p, new LensChecks.Expected(read, said, ANSWER), 1e-4);
                }
            }
        }
    }

    private static double[] slice(double[] rows, int index, int width) {
        return Arrays.copyOfRange(rows, index * width, (index + 1) * width);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "gpt_neox",
                "gptj",
                "bloom",
                "opt",
                "llama",
                "gemma2",
                "olmo2",
                "mistral",
                "qwen2",
                "qwen3"
            })
    void theLastRowIsWhatTheCheckpointSays(String family) {
        TinyReference reference = TinyReference.of(family);
        int[] ids = TinyReference.ids(reference.info().get("input_ids").get(0));
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            Findings found = LensChecks.run(model, ids, List.of(), List.of());

            LensChecks.assertThatTheLastRowIsTheModels(found, model, ids, List.of());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "distilbert", "opt_postnorm"})
    void encodersAndPostNormCheckpointsAreRefused(String family) {
        try (HookedTransformer model = ModelLoader.load(TinyReference.of(family).folder())) {
            assertThatThrownBy(() -> LensChecks.run(model, new int[] {3, 4}, List.of(), List.of()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("logit lens does not apply");
        }
    }

    @Test
    void theShippedModelSaysInItsLastRowWhatItSays() {
        try (HookedTransformer model = ModelLoader.load(SHIPPED)) {
            int[] ids = capital(model);
            Findings found = LensChecks.run(model, ids, List.of(), List.of());

            LensChecks.assertThatTheLastRowIsTheModels(found, model, ids, List.of());
            LensChecks.assertThatRowsAreByHand(model, ids, List.of(), true);
        }
    }

    @Test
    void theShippedModelFindsTheCapitalOnItsWayThroughTheLayers() {
        try (HookedTransformer model = ModelLoader.load(SHIPPED)) {
            int[] ids = capital(model);
            int paris = tokenizer(model).idOfSingleToken(" Paris");

            Findings found = LensChecks.run(model, ids, List.of(paris), List.of());

            double[] ranks = LensChecks.column(found, LogitLens.RANK, ids.length - 1);
            assertThat(ranks[0]).isGreaterThan(10);
            assertThat(ranks[6]).isEqualTo(1);
        }
    }

    private static int[] capital(HookedTransformer model) {
        return tokenizer(model)
                .encode("The capital of France is", BosPolicy.AUTO)
                .ids();
    }

    private static TextTokenizer tokenizer(HookedTransformer model) {
        return Objects.requireNonNull(model.tokenizer());
    }
}
