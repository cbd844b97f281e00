package org.headscope.hooks.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.NeverFiredException;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What later places get from cells whose heads are held, against whole runs in which they are frozen. */
@Tag("engine")
class HeldCellsTest {
    private static final Dims DIMS = new Dims(4, 4, 2, 32, 8, 48, 16, 40);
    private static final TokenBatch HERE = TokenBatch.of(new int[] {3, 1, 4, 1, 5, 9}, new int[] {2, 7, 1, 8, 2, 8});
    private static final TokenBatch THERE = TokenBatch.of(new int[] {3, 1, 7, 1, 5, 9}, new int[] {2, 7, 9, 8, 2, 8});
    private static final int FROM = 2;
    private static final Set<HookSite> READ =
            Set.of(HookSite.of(SiteKind.Q, 3), HookSite.of(SiteKind.V, 2), HookSite.of(SiteKind.MLP_IN, 3));

    static Stream<ModelConfig> models() {
        ModelConfig plain = RandomModel.gpt2(DIMS);
        ModelConfig parallel = new ModelConfig(
                "neox-like",
                plain.dims(),
                plain.embed(),
                plain.attention(),
                new BlockSpec(BlockSpec.Arrangement.PARALLEL, plain.block().norm()),
                plain.mlp(),
                plain.unembed());
        return Stream.of(plain, parallel, RandomModel.llama(DIMS));
    }

    @ParameterizedTest
    @MethodSource("models")
    void laterPlacesGetWhatTheyGetInAWholeRunWithFrozenHeads(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 4);
                RunResult other = all(model, THERE);
                RunResult clean = all(model, HERE)) {
            List<SweepCell> cells = cells(other);
            int before = model.ownedResources();
            try (BaseRun base = BaseRun.of(model, HERE, List.of());
                    CellActivations read = new SweepEngine(40).read(base, cells, READ, FROM, SweepListener.NONE)) {
                for (int i = 0; i < cells.size(); i++) {
                    requireEqual(model, cells.get(i), read.of(i), clean);
                    assertThat(read.receiptsOf(i)).isNotEmpty().allSatisfy(receipt -> assertThat(receipt.fired())
                            .isPositive());
                }
                assertThat(read.of(cells.size() - 1)).doesNotContainKey(HookSite.of(SiteKind.V, 2));
            }
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static List<SweepCell> cells(RunResult other) {
        List<SweepCell> cells = new ArrayList<>();
        for (int l = 0; l < 3; l++) {
            int layer = l;
            IntStream.range(0, DIMS.heads())
                    .forEach(head -> cells.add(SweepCell.held(
                            layer + "." + head,
                            List.of(new Intervention.Patch(
                                    HookSite.of(SiteKind.Z, layer), Region.head(head), other.cache())))));
            cells.add(SweepCell.held(
                    "mlp " + layer,
                    List.of(new Intervention.Patch(HookSite.of(SiteKind.MLP_OUT, layer), Region.ALL, other.cache()))));
        }
        return cells;
    }

    private static void requireEqual(
            HookedTransformer model, SweepCell cell, Map<HookSite, NDArray> read, RunResult clean) {
        Set<HookSite> heads = new HashSet<>();
        for (int l = 0; l < DIMS.layers(); l++) {
            heads.add(HookSite.of(SiteKind.Z, l));
        }
        Interventions compiler = new Interventions(model.config());
        List<SiteEdit> edits =
                new ArrayList<>(compiler.compile(List.of(new Intervention.Freeze(heads, clean.cache()))));
        edits.addAll(compiler.compile(cell.interventions()));
        try (RunResult run =
                model.run(RunRequest.of(HERE).edits(edits).capture(READ).build())) {
            read.forEach((site, value) -> {
                float[] expected = run.cache().get(site).get(":, " + FROM + ":").toFloatArray();
                float[] got = value.toFloatArray();
                assertThat(got).as(cell.label() + " at " + site).hasSize(expected.length);
                for (int i = 0; i < got.length; i++) {
                    assertThat(got[i]).as(cell.label() + " at " + site).isCloseTo(expected[i], within(2e-5f));
                }
            });
        }
    }

    private static RunResult all(HookedTransformer model, TokenBatch tokens) {
        return model.run(RunRequest.of(tokens).capture(model.sites().all()).build());
    }

    @Test
    void whatCouldNotShowIsRefused() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(DIMS), 4);
                RunResult other = all(model, THERE);
                BaseRun base = BaseRun.of(model, HERE, List.of())) {
            var metric = new LogitDifference(new int[] {1, 2}, new int[] {3, 4});
            var engine = new SweepEngine();
            Intervention pattern = new Intervention.Patch(HookSite.of(SiteKind.PATTERN, 1), Region.ALL, other.cache());
            Intervention early = new Intervention.Patch(HookSite.of(SiteKind.Z, 1), Region.position(1), other.cache());

            assertThatThrownBy(() -> engine.run(
                            base, List.of(SweepCell.held("looks", List.of(pattern))), metric, SweepListener.NONE))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("heads are held");
            // Nothing moves between positions, so what happens at position 1 never shows at the last one.
            assertThatThrownBy(() -> engine.run(
                            base, List.of(SweepCell.held("early", List.of(early))), metric, SweepListener.NONE))
                    .isInstanceOf(NeverFiredException.class);
            assertThatThrownBy(() -> engine.read(base, List.of(SweepCell.of(early)), READ, FROM, SweepListener.NONE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
