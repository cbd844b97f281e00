package org.headscope.analysis.mask.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.linalg.NpyArray;
import org.headscope.analysis.linalg.NpyFile;
import org.headscope.analysis.linalg.NpyType;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.SampleMasks;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyMaskTest {
    private static final MaskShape SHAPE = new MaskShape(2, 2);

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("mask.npy");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whatIsWrittenReadsBackEqual(long seed) {
        HeadMask mask = SampleMasks.ofMatrix(seed);
        assertThat(NpyMask.write(mask, file)).isEmpty();
        assertThat(NpyMask.read(file, mask.shape(), MaskSetting.ZERO)).isEqualTo(mask);
    }

    @Test
    void theMatrixIsFloat32WithOneForKeep() {
        NpyMask.write(HeadMask.none(SHAPE).with(MaskUnit.head(0, 1), MaskSetting.ZERO), file);
        NpyArray array = NpyFile.read(file);
        assertThat(array.type()).isEqualTo(NpyType.FLOAT32);
        assertThat(array.shape()).containsExactly(2, 2);
        assertThat(array.toDoubles()).containsExactly(1, 0, 1, 1);
    }

    @Test
    void zerosTakeTheModeThatIsAskedFor() {
        NpyFile.write(file, NpyArray.of(List.of(2, 2), new long[] {1, 0, 1, 1}));
        MaskSetting uniform = MaskSetting.of(Mode.UNIFORM);
        assertThat(NpyMask.read(file, SHAPE, uniform).setting(MaskUnit.head(0, 1)))
                .contains(uniform);
    }

    @Test
    void lostModesAreTold() {
        HeadMask mask = HeadMask.none(SHAPE).with(MaskUnit.head(0, 1), MaskSetting.of(Mode.UNIFORM));
        assertThat(NpyMask.write(mask, file)).singleElement().asString().contains("no mode");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.5, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
    void numbersOutsideZeroToOneAreRefused(double value) {
        NpyFile.write(file, NpyArray.of(List.of(2, 2), new double[] {1, 0, 1, value}));
        assertThatThrownBy(() -> NpyMask.read(file, SHAPE, MaskSetting.ZERO))
                .isInstanceOf(MaskFormatException.class)
                .hasMessageContaining("head 1.1 has " + value);
    }

    @Test
    void anotherShapeIsRefused() {
        NpyFile.write(file, NpyArray.of(List.of(4), new float[4]));
        assertThatThrownBy(() -> NpyMask.read(file, SHAPE, MaskSetting.ZERO))
                .isInstanceOf(MaskFormatException.class)
                .hasMessageContaining("its shape is [4]")
                .hasMessageContaining("[2, 2] is needed");
    }

    @Test
    void aFileThatWasCutOffIsRefused() throws IOException {
        NpyMask.write(HeadMask.none(SHAPE), file);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 3));
        assertThatThrownBy(() -> NpyMask.read(file, SHAPE, MaskSetting.ZERO))
                .isInstanceOf(MaskFormatException.class)
                .hasMessageContaining("cut off");
    }
}
