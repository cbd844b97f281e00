package org.headscope.analysis.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskInterventions;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskTarget;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.io.HashCheck;
import org.headscope.analysis.mask.io.MaskJson;
import org.headscope.analysis.mask.io.NpyMask;
import org.headscope.analysis.mask.io.PrunedHeads;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mask that was written to a file and read back does to a model what it did before. */
@Tag("engine")
class MaskIdentityTest {
    private static final String ALL = "org.headscope.analysis.identity.AnyModel#all";
    private static final int[] IDS = {6, 9, 14, 9, 21, 30, 12};

    @ParameterizedTest
    @MethodSource(ALL)
    void ofTheOwnFormatEveryModeGivesTheSameLogits(String name, @TempDir Path folder) {
        try (HookedTransformer model = AnyModel.open(name)) {
            MaskShape shape = shape(model);
            HeadMask mask = HeadMask.none(shape)
                    .with(MaskUnit.head(0, 1), MaskSetting.ZERO)
                    .with(MaskUnit.head(0, 3), MaskSetting.gate(0.37))
                    .with(MaskUnit.head(1, 0), MaskSetting.of(Mode.UNIFORM))
                    .with(MaskUnit.attention(1), MaskSetting.ZERO);
            HeadMask whole = model.config().block().hasMlp() ? mask.with(MaskUnit.mlp(0), MaskSetting.ZERO) : mask;
            MaskTarget target = new MaskTarget(name, "0123", shape);
            Path file = folder.resolve("mask.json");

            MaskJson.write(MaskJson.write(whole, MaskSources.NONE, target), file);

            assertSame(
                    model, whole, MaskJson.read(file, target, HashCheck.REQUIRE).mask());
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void ofTheFormatsOfOthersZeroMasksGiveTheSameLogits(String name, @TempDir Path folder) {
        try (HookedTransformer model = AnyModel.open(name)) {
            HeadMask mask = HeadMask.none(shape(model))
                    .with(List.of(MaskUnit.head(0, 2), MaskUnit.head(1, 1), MaskUnit.head(1, 3)), MaskSetting.ZERO);

            NpyMask.write(mask, folder.resolve("mask.npy"));
            PrunedHeads.write(mask, folder.resolve("pruned.json"));

            assertSame(model, mask, NpyMask.read(folder.resolve("mask.npy"), shape(model), MaskSetting.ZERO));
            assertSame(model, mask, PrunedHeads.read(folder.resolve("pruned.json"), shape(model), MaskSetting.ZERO));
        }
    }

    private static MaskShape shape(HookedTransformer model) {
        return new MaskShape(
                model.config().dims().layers(), model.config().dims().heads());
    }

    private static void assertSame(HookedTransformer model, HeadMask written, HeadMask read) {
        float[] before = logits(model, written);
        assertThat(logits(model, read)).containsExactly(before);
        assertThat(before).isNotEqualTo(logits(model, HeadMask.none(written.shape())));
    }

    private static float[] logits(HookedTransformer model, HeadMask mask) {
        RunRequest request = RunRequest.of(TokenBatch.of(new int[][] {IDS}))
                .edits(new Interventions(model.config()).compile(new MaskInterventions(Map.of()).compile(mask)))
                .build();
        try (RunResult run = model.run(request)) {
            return run.logits().toFloatArray();
        }
    }
}
