package org.headscope.analysis.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.ActivationPatching;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.patching.AttributionPatching;
import org.headscope.analysis.patching.DirectPaths;
import org.headscope.analysis.patching.PatchFindings;
import org.headscope.analysis.patching.PatchSite;
import org.headscope.analysis.patching.PathPatching;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomFamily;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Intervention.Skip;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Effects of patches that are known whatever the weights are. */
@Tag("engine")
class PatchingIdentityTest {
    private static final String ALL = "org.headscope.analysis.identity.AnyModel#all";
    private static final int[] CLEAN = {6, 9, 14, 9, 21, 30, 12};
    private static final int[] CORRUPT = {6, 9, 14, 25, 21, 30, 12};
    private static final int CHANGED = 3;

    @ParameterizedTest
    @MethodSource(ALL)
    void theStreamThatEntersTheModelAtTheChangedTokenCarriesEverything(String name) {
        try (HookedTransformer model = AnyModel.open(name)) {
            for (Mode mode : Mode.values()) {
                Grid effects = patch(IdContexts.of(model), PatchSite.RESID_PRE, mode)
                        .effect()
                        .grid();

                for (int p = 0; p < CLEAN.length; p++) {
                    assertThat(effects.at(0, p)).as("position %d", p).isCloseTo(p == CHANGED ? 1 : 0, within(1e-3));
                    assertThat(effects.at(1, p)).satisfies(effect -> assertThat(Double.isFinite(effect))
                            .isTrue());
                }
                // Nothing before the change differs, so nothing patched there can act.
                for (int l = 0; l < model.config().dims().layers(); l++) {
                    for (int p = 0; p < CHANGED; p++) {
                        assertThat(effects.at(l, p)).isCloseTo(0, within(1e-4));
                    }
                }
            }
        }
    }

    /** Where logits are capped they are no linear function of anything, so attribution is not exact there. */
    static Stream<String> uncapped() {
        return AnyModel.all().filter(name -> !name.contains("gemma2"));
    }

    @ParameterizedTest
    @MethodSource("uncapped")
    void withPatternsAndNormsHeldAndMlpsOffTheEstimateIsThePatch(String name) {
        try (HookedTransformer model = AnyModel.open(name)) {
            List<HookSite> held = held(model);
            try (RunResult clean = model.run(RunRequest.of(TokenBatch.of(new int[][] {CLEAN}))
                    .capture(held)
                    .build())) {
                List<Intervention> standing = new ArrayList<>(mlpsOff(model, 0));
                standing.add(new Intervention.Freeze(new TreeSet<>(held), clean.cache()));
                AnalysisContext context = IdContexts.of(model, standing, SweepJournal.none());
                for (PatchSite site : List.of(PatchSite.RESID_PRE, PatchSite.HEAD_Z, PatchSite.HEAD_V_BY_POS)) {
                    PatchFindings exact = patch(context, site, Mode.DENOISE);
                    PatchFindings estimated =
                            new AttributionPatching().run(context, parameters(site, Mode.DENOISE), Progress.none());

                    assertThat(estimated.patched().grid().toArray())
                            .as("%s", site)
                            .containsExactly(exact.patched().grid().toArray(), within(1e-3));
                    assertThat(spread(exact.patched().grid())).isGreaterThan(1e-2);
                }
            }
        }
    }

    /** What makes a transformer bend: attention patterns and the denominators of norms. */
    private static List<HookSite> held(HookedTransformer model) {
        Set<SiteKind> kinds = Set.of(
                SiteKind.PATTERN,
                SiteKind.LN1_SCALE,
                SiteKind.LN2_SCALE,
                SiteKind.LN1_POST_SCALE,
                SiteKind.LN2_POST_SCALE,
                SiteKind.LN_FINAL_SCALE);
        return model.sites().all().stream()
                .filter(site -> kinds.contains(site.kind()))
                // Norms inside a skipped MLP have nothing to do with the stream; post-norm blocks have theirs behind
                // it.
                .toList();
    }

    private static List<Intervention> mlpsOff(HookedTransformer model, int from) {
        if (!model.config().block().hasMlp()) {
            return List.of();
        }
        return IntStream.range(from, model.config().dims().layers())
                .<Intervention>mapToObj(layer -> new Skip(Skip.Part.MLP, layer))
                .toList();
    }

    /** Behind the last attention only the last MLP could answer, so without it each head's path is its patch. */
    @ParameterizedTest
    @MethodSource(ALL)
    void pathsFromTheLastLayerToTheLogitsAreItsHeadsWhenItsMlpIsOff(String name) {
        try (HookedTransformer model = AnyModel.open(name)) {
            int last = model.config().dims().layers() - 1;
            AnalysisContext context = IdContexts.of(model, mlpsOff(model, last), SweepJournal.none());

            Grid noised = patch(context, PatchSite.HEAD_Z, Mode.NOISE).patched().grid();
            for (PathPatching.Mlps mlps : PathPatching.Mlps.values()) {
                Findings paths = new PathPatching().run(context, paths(mlps), Progress.none());
                Grid sent = ((GridPanel) paths.panels().get(1)).grid();
                for (int h = 0; h < model.config().dims().heads(); h++) {
                    assertThat(sent.at(last, h)).as("%s, head %d", mlps, h).isCloseTo(noised.at(last, h), within(1e-4));
                }
            }
        }
    }

    /** Without norms a direct path is a path with MLPs held, read from the other prompt. */
    @ParameterizedTest
    @EnumSource
    void withoutNormsLinearPathsArePathsWithThePromptsExchanged(DirectPaths.Component component) {
        try (HookedTransformer model = RandomFamily.NO_NORM.create(6)) {
            var linear = new DirectPaths.Parameters(
                    prompt(CLEAN), prompt(CORRUPT), prompt(11), prompt(17), component, List.of("0.2"));
            Findings direct = new DirectPaths().run(IdContexts.of(model), linear, Progress.none());

            for (int head = 4; head < 12; head++) {
                var exchanged = new PathPatching.Parameters(
                        prompt(CORRUPT),
                        prompt(CLEAN),
                        prompt(11),
                        prompt(17),
                        PathPatching.Receiver.valueOf(component.name()),
                        List.of(head / 4 + "." + head % 4),
                        PathPatching.Mlps.FROZEN,
                        List.of());
                Findings paths = new PathPatching().run(IdContexts.of(model), exchanged, Progress.none());
                assertThat(((GridPanel) direct.panels().get(0)).grid().at(0, head))
                        .as("to head %d", head)
                        .isCloseTo(((GridPanel) paths.panels().get(0)).grid().at(0, 2), within(5e-4));
            }
        }
    }

    private static PathPatching.Parameters paths(PathPatching.Mlps mlps) {
        return new PathPatching.Parameters(
                prompt(CLEAN),
                prompt(CORRUPT),
                prompt(11),
                prompt(17),
                PathPatching.Receiver.LOGITS,
                List.of(),
                mlps,
                List.of());
    }

    private static PatchFindings patch(AnalysisContext context, PatchSite site, Mode mode) {
        return new ActivationPatching().run(context, parameters(site, mode), Progress.none());
    }

    private static ActivationPatching.Parameters parameters(PatchSite site, Mode mode) {
        return new ActivationPatching.Parameters(prompt(CLEAN), prompt(CORRUPT), prompt(11), prompt(17), site, mode);
    }

    private static double spread(Grid grid) {
        return Arrays.stream(grid.toArray()).max().orElseThrow()
                - Arrays.stream(grid.toArray()).min().orElseThrow();
    }
}
