package org.headscope.analysis.mask.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskException;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.session.Session;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.intervene.Ablation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masks on their way out of the program: as weights and as Python. */
@Tag("engine")
class ExportedMaskTest {
    private static HookedTransformer model;

    @TempDir
    private Path scratch;

    @BeforeAll
    static void load() {
        model = ModelLoader.load(Path.of(System.getProperty("headscope.assets"), "models", "induction-2l"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void wholeLayerIsBakedAsAttentionAndMlp() {
        Path folder = scratch.resolve("baked");
        HeadMask mask = none().with(MaskUnit.layer(1), MaskSetting.ZERO);

        BakedMask.Written written = BakedMask.write(mask, model, Session.target(model), folder);

        assertThat(written.parts()).isEqualTo(1);
        assertThat(MaskJson.read(folder.resolve(BakedMask.RECORD), Session.target(model), HashCheck.REQUIRE)
                        .mask()
                        .entries())
                .isEqualTo(mask.entries());
    }

    @Test
    void onlyZeroIsBaked() throws IOException {
        for (MaskSetting setting : List.of(
                MaskSetting.gate(0.5),
                MaskSetting.of(Ablation.Mode.UNIFORM),
                MaskSetting.of(Ablation.Mode.MEAN),
                MaskSetting.of(Ablation.Mode.RESAMPLE))) {
            HeadMask mask = none().with(MaskUnit.head(0, 1), setting);
            assertThatThrownBy(() -> BakedMask.write(mask, model, Session.target(model), scratch.resolve("baked")))
                    .isInstanceOf(MaskException.class)
                    .hasMessageContaining("0.1 is masked with mode " + setting.label())
                    .hasMessageContaining("only zero can");
        }
        try (Stream<Path> files = Files.list(scratch)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void pythonNamesModulesAndFactors() {
        Path file = scratch.resolve("mask.py");
        HeadMask mask = none().with(MaskUnit.head(1, 0), MaskSetting.gate(0.25))
                .with(MaskUnit.head(0, 1), MaskSetting.ZERO)
                .with(MaskUnit.attention(1), MaskSetting.ZERO);

        PythonMask.write(mask, model, file);

        assertThat(file)
                .content()
                .contains("D_HEAD = " + model.config().dims().dHead() + "\n")
                .contains("HEADS = {0: {1: 0.0}, 1: {0: 0.25}}")
                .contains("SILENT_ATTENTION = [1]")
                .contains("SILENT_MLP = {}")
                .containsPattern("ATTENTION_MODULES = \\{0: \"[\\w.]+\", 1: \"[\\w.]+\"}");
    }

    @Test
    void pythonRefusesWhatIsNoFactor() {
        assertRefused(none().with(MaskUnit.head(0, 1), MaskSetting.of(Ablation.Mode.MEAN)), "no factor on its output");
        assertRefused(none().with(MaskUnit.layer(1), MaskSetting.ZERO), "attn1 and mlp1");
    }

    private void assertRefused(HeadMask mask, String why) {
        Path file = scratch.resolve("mask.py");
        assertThatThrownBy(() -> PythonMask.write(mask, model, file))
                .isInstanceOf(MaskException.class)
                .hasMessageContaining(why);
        assertThat(file).doesNotExist();
    }

    private static HeadMask none() {
        return HeadMask.none(MaskShape.of(model.config().dims()));
    }
}
