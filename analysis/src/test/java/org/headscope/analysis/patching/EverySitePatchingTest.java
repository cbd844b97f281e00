package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.List;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.patching.EverySitePatching.Parameters;
import org.headscope.analysis.patching.EverySitePatching.Sites;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomFamily;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("engine")
class EverySitePatchingTest {
    private static final Dims DIMS = new Dims(2, 4, 4, 16, 4, 24, 12, 31);

    /** One sweep over all sites gives what one sweep per site gives. */
    @ParameterizedTest
    @EnumSource
    void everyPanelIsTheOneThatActivationPatchingGives(Sites sites) {
        try (HookedTransformer model = RandomFamily.LLAMA.create(DIMS, 4)) {
            for (Mode mode : Mode.values()) {
                Findings every = new EverySitePatching()
                        .run(IdContexts.of(model), parameters(sites, mode, List.of()), Progress.none());

                for (PatchSite site : sites.sites()) {
                    PatchFindings single = new ActivationPatching()
                            .run(
                                    IdContexts.of(model),
                                    new ActivationPatching.Parameters(
                                            prompt(1, 2, 3, 4), prompt(1, 9, 3, 4), prompt(7), prompt(8), site, mode),
                                    Progress.none());
                    GridPanel panel = panel(every, EverySitePatching.title(site));
                    assertThat(panel.grid().axes())
                            .isEqualTo(single.effect().grid().axes());
                    assertThat(panel.grid().toArray())
                            .containsExactly(single.effect().grid().toArray(), within(1e-4));
                }
                // Both runs are shared: proof of all patches is one receipt.
                assertThat(every.receipts()).hasSize(1);
            }
        }
    }

    @Test
    void keysAndValuesHaveTheirTrueColumns() {
        try (HookedTransformer model = RandomFamily.FALCON.create(DIMS, 4)) {
            Findings every = new EverySitePatching()
                    .run(IdContexts.of(model), parameters(Sites.HEADS, Mode.DENOISE, List.of()), Progress.none());

            assertThat(panel(every, EverySitePatching.title(PatchSite.HEAD_K))
                            .grid()
                            .axes()
                            .get(1))
                    .isEqualTo(Axis.kvHeads(1));
            assertThat(panel(every, EverySitePatching.title(PatchSite.HEAD_Q))
                            .grid()
                            .axes()
                            .get(1))
                    .isEqualTo(Axis.heads(4));
        }
    }

    /** Corrupt behind the first copy: the second head reads another place only if its keys do, and what it sums is its z. */
    @Test
    void inTheInductionModelEachInputOfTheSecondHeadHasItsKnownPart() {
        try (HookedTransformer model = InductionModel.create()) {
            Parameters parameters = new Parameters(
                    prompt(InductionSentences.clean()),
                    prompt(InductionSentences.oneKeyChanged()),
                    prompt(8),
                    prompt(12),
                    Sites.HEADS,
                    Mode.DENOISE,
                    List.of());

            Findings every = new EverySitePatching().run(IdContexts.of(model), parameters, Progress.none());

            double[] expected = {1, 0, 1, 0, 1};
            for (int i = 0; i < expected.length; i++) {
                PatchSite site = Sites.HEADS.sites().get(i);
                assertThat(panel(every, EverySitePatching.title(site)).grid().at(1, 2))
                        .as("%s", site)
                        .isCloseTo(expected[i], within(1e-4));
            }
        }
    }

    @Test
    void aSiteThatTheModelLacksIsLeftOutAndNamed() {
        try (HookedTransformer model = InductionModel.create()) {
            Parameters parameters = new Parameters(
                    prompt(InductionSentences.clean()),
                    prompt(InductionSentences.oneKeyChanged()),
                    prompt(8),
                    prompt(12),
                    Sites.BLOCKS,
                    Mode.DENOISE,
                    List.of(1));

            Findings every = new EverySitePatching().run(IdContexts.of(model), parameters, Progress.none());

            Table runs = (Table) every.panels().get(every.panels().size() - 1);
            assertThat(runs.rows().get(0)).last().isEqualTo("blocks.*.hook_mlp_out");
            assertThat(every.panels()).hasSize(5);
            GridPanel stream = panel(every, EverySitePatching.title(PatchSite.RESID_PRE));
            assertThat(stream.grid().at(0, 3)).isNaN();
            // What the first layer wrote behind the changed token is all that the second needs.
            assertThat(stream.grid().at(1, 8)).isCloseTo(1, within(1e-4));
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = RandomFamily.GPT2.create(DIMS, 4)) {
            int before = model.ownedResources();

            new EverySitePatching()
                    .run(IdContexts.of(model), parameters(Sites.HEADS, Mode.NOISE, List.of()), Progress.none());

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Parameters parameters(Sites sites, Mode mode, List<Integer> layers) {
        return new Parameters(prompt(1, 2, 3, 4), prompt(1, 9, 3, 4), prompt(7), prompt(8), sites, mode, layers);
    }

    private static GridPanel panel(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .map(GridPanel.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
