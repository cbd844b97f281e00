package org.headscope.analysis.mask.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskTarget;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.SampleMasks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskJsonTest {
    private static final MaskShape SHAPE = new MaskShape(2, 3);
    private static final MaskTarget TARGET = new MaskTarget("tiny", "sha256:1", SHAPE);
    private static final HeadMask MASK = HeadMask.none(SHAPE)
            .with(MaskUnit.head(0, 1), MaskSetting.ZERO)
            .with(MaskUnit.head(1, 2), MaskSetting.gate(0.25))
            .with(MaskUnit.mlp(0), MaskSetting.ZERO);

    private static String json() {
        return MaskJson.write(MASK, MaskSources.NONE, TARGET).toString();
    }

    private static ImportedMask read(String json) {
        return MaskJson.read(json, TARGET, HashCheck.REQUIRE);
    }

    @Test
    void theFileIsWhatTheFormatSays() {
        assertThat(json())
                .isEqualTo("{\"format\":\"headscope-mask\",\"version\":1,"
                        + "\"model\":{\"id\":\"tiny\",\"hash\":\"sha256:1\",\"n_layers\":2,\"n_heads\":3},"
                        + "\"mode\":\"mixed\",\"bit\":\"1=keep, 0=masked\","
                        + "\"heads\":[{\"layer\":0,\"head\":1,\"mode\":\"zero\"},"
                        + "{\"layer\":1,\"head\":2,\"mode\":\"gate\",\"gate\":0.25}],"
                        + "\"attentions\":[],\"mlps\":[{\"layer\":0,\"mode\":\"zero\"}],\"layers\":[],"
                        + "\"pruned_heads\":{\"0\":[1]},"
                        + "\"head_mask\":[[1,0,1],[1,1,1]],\"gates\":[[1.0,0.0,1.0],[1.0,1.0,0.25]]}");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whatIsWrittenReadsBackEqual(long seed, @TempDir Path folder) {
        HeadMask mask = SampleMasks.any(seed);
        MaskTarget target = new MaskTarget("m", "h", mask.shape());
        MaskJson.write(MaskJson.write(mask, MaskSources.NONE, target), folder.resolve("mask.json"));
        ImportedMask read = MaskJson.read(folder.resolve("mask.json"), target, HashCheck.REQUIRE);
        assertThat(read.mask()).isEqualTo(mask);
        assertThat(read.warnings()).isEmpty();
    }

    @Test
    void aFileWrittenByHandNeedsNoViews() {
        String json = "{\"format\":\"headscope-mask\",\"version\":1,\"model\":{\"n_layers\":2,\"n_heads\":3},"
                + "\"heads\":[{\"layer\":1,\"head\":0,\"mode\":\"mean\"}]}";
        assertThat(MaskJson.read(json, TARGET, HashCheck.WARN).mask().units(MaskUnit.Kind.HEAD))
                .containsExactly(MaskUnit.head(1, 0));
    }

    @Test
    void wholeNumbersInTheGateMatrixAreTheSameGates() {
        assertThat(read(json().replace("[1.0,0.0,1.0]", "[1,0,1]")).mask()).isEqualTo(MASK);
    }

    @Test
    void otherWeightsAreRefusedWhenTheCheckIsRequired() {
        assertThatThrownBy(() -> read(json().replace("sha256:1", "sha256:2")))
                .isInstanceOf(MaskFormatException.class)
                .hasMessageContaining("other weights");
    }

    @Test
    void otherWeightsAreAWarningWhenTheCheckIsNot() {
        ImportedMask read = MaskJson.read(json().replace("sha256:1", "sha256:2"), TARGET, HashCheck.WARN);
        assertThat(read.mask()).isEqualTo(MASK);
        assertThat(read.warnings()).singleElement().asString().contains("sha256:2");
    }

    @Test
    void aMissingFingerprintIsAWarning() {
        ImportedMask read = MaskJson.read(json().replace("sha256:1", ""), TARGET, HashCheck.WARN);
        assertThat(read.warnings()).singleElement().asString().contains("fingerprint is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"version\":1 | \"version\":2 | mask version 2 is not known",
                "\"format\":\"headscope-mask\" | \"format\":\"x\" | no Headscope mask",
                "1=keep, 0=masked | 0=keep, 1=masked | only \"1=keep, 0=masked\"",
                "\"n_layers\":2 | \"n_layers\":12 | 12 layers x 3 heads",
                "\"n_heads\":3 | \"n_heads\":0 | not a count",
                "\"layer\":0,\"head\":1 | \"layer\":2,\"head\":1 | a layer in heads is 2",
                "\"layer\":0,\"head\":1 | \"layer\":0,\"head\":3 | a head of layer 0 is 3",
                "\"layer\":0,\"head\":1 | \"layer\":0,\"head\":-1 | a head of layer 0 is -1",
                "\"layer\":0,\"head\":1 | \"layer\":0,\"head\":1.5 | not a whole number",
                "\"layer\":0,\"head\":1 | \"layer\":0,\"head\":\"1\" | not a whole number",
                "\"layer\":0,\"head\":1 | \"layer\":1,\"head\":2 | 1.2 is listed twice",
                "\"layer\":0,\"head\":1 | \"layer\":0 | a head of layer 0 is missing",
                "\"gate\":0.25 | \"gate\":1.25 | gate takes 0 to 1",
                "\"gate\":0.25 | \"gate\":null | the gate of 1.2 is null",
                "\"gate\":0.25 | \"gat\":0.25 | it takes layer, head, mode and gate",
                "\"mode\":\"gate\" | \"mode\":\"zero\" | other modes have none",
                "\"mode\":\"gate\" | \"mode\":\"off\" | known are zero",
                "\"pruned_heads\":{\"0\":[1]} | \"pruned_heads\":{\"0\":[2]} | contradicts itself: pruned_heads",
                "[[1,0,1],[1,1,1]] | [[1,0,1],[1,1,0]] | contradicts itself: head_mask",
                "[1.0,1.0,0.25] | [1.0,1.0,0.5] | contradicts itself: gates",
                "[1.0,1.0,0.25] | [1.0,1.0] | contradicts itself: gates",
                "\"mode\":\"mixed\" | \"mode\":\"zero\" | contradicts itself: mode",
                "\"heads\":[ | \"head\":[ | heads is missing",
            })
    void aWrongFileIsRefusedWithTheReason(String part, String replacement, String reason) {
        assertThat(json()).contains(part);
        assertThatThrownBy(() -> read(json().replace(part, replacement)))
                .isInstanceOf(MaskFormatException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "null", "{\"format\":\"headscope-mask\",\"format\":1}"})
    void whatIsNoObjectIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(MaskFormatException.class);
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> MaskJson.read(folder.resolve("absent.json"), TARGET, HashCheck.WARN))
                .isInstanceOf(MaskFormatException.class)
                .hasMessageContaining("absent.json");
    }
}
