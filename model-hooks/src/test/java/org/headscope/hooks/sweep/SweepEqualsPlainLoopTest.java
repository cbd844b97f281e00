package org.headscope.hooks.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.intervene.StreamingWindow;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sweep engine against one whole forward pass per cell. */
@Tag("engine")
class SweepEqualsPlainLoopTest {
    private static final double TOLERANCE = 1e-5;
    private static final int LENGTH = 9;

    static Stream<ModelConfig> models() {
        return Stream.of(
                RandomModel.gpt2(new Dims(3, 4, 4, 32, 8, 64, 32, 97)),
                RandomModel.llama(new Dims(3, 4, 2, 32, 12, 48, 32, 101)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void patchesAtEverySiteAndPositionGiveTheValuesOfThePlainLoop(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 1);
                RunResult clean = cache(model, tokens(config, 7, 1))) {
            List<SweepCell> cells = new ArrayList<>();
            for (HookSite site : model.sites().all()) {
                boolean afterBlocks =
                        site.kind() == SiteKind.LN_FINAL_SCALE || site.kind() == SiteKind.LN_FINAL_NORMALIZED;
                // Behind the last block only positions that the metric reads exist.
                for (int position : afterBlocks ? new int[] {LENGTH - 1} : new int[] {0, 4, LENGTH - 1}) {
                    cells.add(SweepCell.of(new Intervention.Patch(site, Region.position(position), clean.cache())));
                }
                cells.add(SweepCell.of(new Intervention.Patch(site, Region.ALL, clean.cache())));
            }
            compare(model, tokens(config, 8, 1), List.of(), cells);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void headsPatchedByPositionGiveTheValuesOfThePlainLoopOnSeveralPrompts(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 2);
                RunResult clean = cache(model, tokens(config, 3, 2))) {
            List<SweepCell> cells = new ArrayList<>();
            for (int l = 0; l < config.dims().layers(); l++) {
                for (int h = 0; h < config.dims().heads(); h++) {
                    for (int p = 0; p < LENGTH; p++) {
                        HookSite z = HookSite.of(SiteKind.Z, l);
                        cells.add(SweepCell.of(new Intervention.Patch(z, Region.headAt(h, p), clean.cache())));
                    }
                }
            }
            compare(model, tokens(config, 4, 2), List.of(), cells);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void severalEditsInDifferentLayersGiveTheValuesOfThePlainLoop(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 5);
                RunResult other = cache(model, tokens(config, 9, 1))) {
            List<SweepCell> cells = mixtures(config, other);
            compare(model, tokens(config, 10, 1), List.of(), cells);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void standingInterventionsHoldInEveryCell(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 6);
                RunResult other = cache(model, tokens(config, 11, 2))) {
            List<Intervention> standing = List.of(
                    new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero()),
                    new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Gate(0.5)),
                    new Intervention.Ablate(new Target.Head(1, 3), new Ablation.Uniform()),
                    new Intervention.Ablate(new Target.Head(2, 0), new Ablation.Resample(other.cache(), "other")),
                    new Intervention.Skip(Intervention.Skip.Part.MLP, 1));
            compare(model, tokens(config, 12, 2), standing, mixtures(config, other));
        }
    }

    /** The final norm is the one place that the base run visits again for its own value. */
    @ParameterizedTest
    @MethodSource("models")
    void aFrozenFinalNormHoldsInTheBaseRunAndInEveryCell(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 6);
                RunResult other = cache(model, tokens(config, 11, 2))) {
            HookSite scale = HookSite.global(SiteKind.LN_FINAL_SCALE);
            List<Intervention> standing = List.of(
                    new Intervention.Freeze(Set.of(scale), other.cache()),
                    new Intervention.Patch(scale, Region.position(LENGTH - 1), other.cache()));

            compare(model, tokens(config, 12, 2), standing, mixtures(config, other));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void cellsWhoseHeadsAreHeldGiveTheValuesOfThePlainLoopThatFreezesThem(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 3);
                RunResult other = cache(model, tokens(config, 21, 2))) {
            List<Intervention> standing = List.of(
                    new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero()),
                    new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Resample(other.cache(), "other")),
                    new Intervention.Skip(Intervention.Skip.Part.BLOCK, 1));
            for (List<Intervention> some : List.of(List.<Intervention>of(), standing)) {
                compare(model, tokens(config, 22, 2), some, held(config, other));
            }
        }
    }

    /** Heads, MLPs, places between them, and sets over several layers, some of them mixed with cells that move freely. */
    private static List<SweepCell> held(ModelConfig config, RunResult other) {
        List<SweepCell> cells = new ArrayList<>();
        for (int l = 0; l < config.dims().layers(); l++) {
            Intervention head = new Intervention.Patch(HookSite.of(SiteKind.Z, l), Region.head(l), other.cache());
            Intervention result =
                    new Intervention.Patch(HookSite.of(SiteKind.RESULT, l), Region.head(1), other.cache());
            Intervention attention =
                    new Intervention.Patch(HookSite.of(SiteKind.ATTN_OUT, l), Region.position(8), other.cache());
            Intervention mlp = new Intervention.Patch(HookSite.of(SiteKind.MLP_OUT, l), Region.ALL, other.cache());
            Intervention last =
                    new Intervention.Patch(HookSite.of(SiteKind.MLP_OUT, 2), Region.position(8), other.cache());
            cells.add(SweepCell.held("head " + l, List.of(head)));
            cells.add(SweepCell.held("result " + l, List.of(result)));
            cells.add(SweepCell.held("attention " + l, List.of(attention)));
            cells.add(SweepCell.held("mlp " + l, List.of(mlp)));
            cells.add(SweepCell.held("set " + l, l == 2 ? List.of(head, attention) : List.of(head, mlp, last)));
            cells.add(SweepCell.of(head));
        }
        return cells;
    }

    private static List<SweepCell> mixtures(ModelConfig config, RunResult other) {
        List<SweepCell> cells = new ArrayList<>();
        Random random = new Random(42);
        for (int i = 0; i < 12; i++) {
            int a = random.nextInt(config.dims().layers());
            int b = random.nextInt(config.dims().layers());
            int h = random.nextInt(config.dims().heads());
            cells.add(new SweepCell(
                    "mixture " + i,
                    List.of(
                            new Intervention.Ablate(new Target.Head(a, h), new Ablation.Gate(-0.7 - i)),
                            new Intervention.Patch(
                                    HookSite.of(SiteKind.MLP_OUT, b),
                                    Region.position(random.nextInt(LENGTH)),
                                    other.cache()),
                            new Intervention.Skip(Intervention.Skip.Part.values()[i % 3], b))));
        }
        cells.add(SweepCell.of(new Intervention.Streaming(1, Set.of(0, 3), new StreamingWindow(1, 2))));
        for (Ablation how : List.of(new Ablation.Zero(), new Ablation.Gate(2), new Ablation.Uniform())) {
            Target late = new Target.HeadAt(1, 3, Set.of(LENGTH - 1, LENGTH - 2));
            cells.add(SweepCell.of(new Intervention.Ablate(late, how)));
        }
        cells.add(SweepCell.of(new Intervention.Freeze(
                Set.of(HookSite.of(SiteKind.PATTERN, 0), HookSite.of(SiteKind.PATTERN, 2)), other.cache())));
        return cells;
    }

    private static void compare(
            HookedTransformer model, TokenBatch tokens, List<Intervention> standing, List<SweepCell> cells) {
        int[] right = new int[tokens.size()];
        int[] wrong = new int[tokens.size()];
        for (int b = 0; b < right.length; b++) {
            right[b] = 3 + b;
            wrong[b] = 50 - b;
        }
        for (SweepMetric metric : List.of(new LogitDifference(right, wrong), new MeanLogit())) {
            SweepResult expected = new PlainLoop(model, tokens, standing).run(cells, metric);
            for (int maxRows : new int[] {1, 40}) {
                try (BaseRun base = BaseRun.of(model, tokens, standing)) {
                    SweepResult got = new SweepEngine(maxRows).run(base, cells, metric, SweepListener.NONE);
                    assertThat(got.base()).isCloseTo(expected.base(), within(TOLERANCE));
                    for (int i = 0; i < cells.size(); i++) {
                        assertThat(got.values()[i])
                                .as(cells.get(i).label())
                                .isCloseTo(expected.values()[i], within(TOLERANCE));
                    }
                }
            }
        }
    }

    private static TokenBatch tokens(ModelConfig config, int seed, int batch) {
        Random random = new Random(seed);
        int[][] ids = new int[batch][];
        for (int b = 0; b < batch; b++) {
            ids[b] = random.ints(LENGTH, 0, config.dims().vocab()).toArray();
        }
        return TokenBatch.of(ids);
    }

    private static RunResult cache(HookedTransformer model, TokenBatch tokens) {
        return model.run(RunRequest.of(tokens).capture(model.sites().all()).build());
    }

    /** Reads positions 2 and later and the whole vocabulary. */
    private static final class MeanLogit implements SweepMetric {
        @Override
        public int firstPosition(int length) {
            return 2;
        }

        @Override
        public int @Nullable [] tokens() {
            return null;
        }

        @Override
        public double[] measure(NDArray logits, int cells) {
            float[] values = logits.square().toFloatArray();
            double[] means = new double[cells];
            int size = values.length / cells;
            for (int i = 0; i < values.length; i++) {
                means[i / size] += (double) values[i] / size;
            }
            return means;
        }
    }
}
