package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same models in the other layouts that checkpoints come in. */
@Tag("engine")
class LayoutParityTest {
    @ParameterizedTest
    @CsvSource({"gpt2, fp16", "llama, sharded_bf16"})
    void roundedWeightsGiveTheLogitsOfTheRoundedModel(String family, String layout) {
        assertThat(distance(family, layout, family + "/" + layout)).isLessThanOrEqualTo(tolerance(family));
    }

    @ParameterizedTest
    @CsvSource({"gpt2, hub_layout", "bert, hub_layout"})
    void olderTensorNamesGiveTheSameLogits(String family, String layout) {
        assertThat(distance(family, layout, family)).isLessThanOrEqualTo(tolerance(family));
    }

    private static double distance(String family, String layout, String golden) {
        PlainSafetensors.Tensor expected = PlainSafetensors.read(
                        Reference.tiny(golden).resolve("golden.safetensors"))
                .get("logits");
        assertThat(expected).isNotNull();
        try (TinyModel tiny = TinyModel.open(family);
                HookedTransformer model = ModelLoader.load(Reference.tiny(family + "/" + layout))) {
            assertThat(model.identity().warnings()).isEmpty();
            return TinyModel.distance(tiny.logits(model, List.of()), expected.values());
        }
    }

    private static double tolerance(String family) {
        return Golden.read(Reference.tiny(family)).tolerance("logits");
    }
}
