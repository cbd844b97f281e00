package org.headscope.analysis.mask.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrunedHeadsTest {
    private static final MaskShape SHAPE = new MaskShape(2, 4);

    @TempDir
    private Path folder;

    private HeadMask read(String json) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, json);
        return PrunedHeads.read(file, SHAPE, MaskSetting.ZERO);
    }

    @Test
    void readsTheListOfHuggingFace() throws IOException {
        assertThat(read("{\"0\": [1], \"1\": [2, 3]}").units(MaskUnit.Kind.HEAD))
                .containsExactly(MaskUnit.head(0, 1), MaskUnit.head(1, 2), MaskUnit.head(1, 3));
    }

    @Test
    void findsTheListInsideAConfig() throws IOException {
        assertThat(read("{\"model_type\": \"gpt2\", \"pruned_heads\": {\"1\": [0]}}")
                        .units(MaskUnit.Kind.HEAD))
                .containsExactly(MaskUnit.head(1, 0));
    }

    @Test
    void zeroMasksReadBackEqual() {
        HeadMask mask = HeadMask.none(SHAPE)
                .with(MaskUnit.head(1, 0), MaskSetting.ZERO)
                .with(MaskUnit.head(0, 2), MaskSetting.ZERO);
        Path file = folder.resolve("pruned.json");
        assertThat(PrunedHeads.write(mask, file)).isEmpty();
        assertThat(PrunedHeads.read(file, SHAPE, MaskSetting.ZERO)).isEqualTo(mask);
    }

    @Test
    void whatTheFormatCannotCarryIsTold() {
        HeadMask mask = HeadMask.none(SHAPE)
                .with(MaskUnit.head(1, 0), MaskSetting.of(Mode.MEAN))
                .with(MaskUnit.head(1, 1), MaskSetting.gate(0.5))
                .with(MaskUnit.mlp(0), MaskSetting.ZERO);
        assertThat(PrunedHeads.write(mask, folder.resolve("pruned.json")))
                .hasSize(3)
                .anyMatch(loss -> loss.contains("1 masked mlps"))
                .anyMatch(loss -> loss.contains("1 heads are masked otherwise"))
                .anyMatch(loss -> loss.contains("1 heads are only turned down"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"2\": [0]}",
                "{\"-1\": [0]}",
                "{\"x\": [0]}",
                "{\"0\": [4]}",
                "{\"0\": [-1]}",
                "{\"0\": [1, 1]}",
                "{\"0\": 1}",
                "{\"0\": [\"1\"]}",
                "{\"0\": [0], \"00\": [0]}",
                "{\"pruned_heads\": []}",
                "[]",
                "{",
                ""
            })
    void aWrongListIsRefused(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(MaskFormatException.class)
                .hasMessageContaining("config.json");
    }
}
