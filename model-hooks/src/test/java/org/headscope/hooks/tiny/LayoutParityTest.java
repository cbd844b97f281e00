package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.headscope.hooks.HookedTransformer;
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
        Path folder = Reference.tiny(family + "/" + layout);
        float[] expected = PlainSafetensors.read(Reference.tiny(golden).resolve("golden.safetensors"))
                .getOrDefault("logits", new PlainSafetensors.Tensor(new long[0], new float[0]))
                .values();
        Path config = folder.resolve("config.json").toFile().exists()
                ? folder.resolve("config.json")
                : Reference.tiny(family).resolve("config.json");
        try (TinyModel tiny = TinyModel.open(family);
                HookedTransformer model = TinyModel.build(folder, config)) {
            return TinyModel.distance(tiny.logits(model, List.of()), expected);
        }
    }

    private static double tolerance(String family) {
        return Golden.read(Reference.tiny(family)).tolerance("logits");
    }
}
