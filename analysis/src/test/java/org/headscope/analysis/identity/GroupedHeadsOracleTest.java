package org.headscope.analysis.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.ablation.HeadAblation;
import org.headscope.analysis.detect.AttentionSinks;
import org.headscope.analysis.detect.HeadDetectors;
import org.headscope.analysis.reading.AttentionPatterns;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.GqaModel;
import org.headscope.hooks.handbuilt.RandomFamily;
import org.headscope.hooks.run.Hook;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Scores of heads against plain sums over the patterns they come from, where heads share keys and values. */
@Tag("engine")
class GroupedHeadsOracleTest {
    private static final int[] IDS = {6, 9, 14, 9, 21, 6, 9, 30, 12, 14, 9, 9, 21, 5, 6, 14};

    @Test
    void everyHeadOfAGroupHasAPatternOfItsOwn() {
        try (HookedTransformer model = GqaModel.create()) {
            Grid pattern = grid(run(
                    model,
                    new AttentionPatterns(),
                    Map.of("prompt", prompt(1, 2, 3, 4, 5, 6).line())));

            for (int head = 0; head < GqaModel.HEADS; head++) {
                for (int query = GqaModel.HEADS; query < 6; query++) {
                    for (int key = 0; key < 6; key++) {
                        assertThat(pattern.at(head, query, key)).isCloseTo(key == head ? 1 : 0, within(1e-6));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LLAMA", "FALCON", "MISTRAL", "BLOOM"})
    void detectorsOnATextAreSharesOfAllAttention(RandomFamily family) {
        try (HookedTransformer model = family.create(4)) {
            Findings found = run(
                    model, new HeadDetectors(), Map.of("text", prompt(IDS).line(), "length", "4", "sequences", "1"));

            assertScores(found, model, "Previous-token score", (q, k) -> k == q - 1);
            assertScores(found, model, "Duplicate-token score", (q, k) -> k < q && IDS[k] == IDS[q]);
            assertScores(found, model, "Induction score", (q, k) -> k > 0 && k <= q && IDS[k - 1] == IDS[q]);
        }
    }

    private static void assertScores(Findings found, HookedTransformer model, String kind, Pair wanted) {
        Grid scores = grid(found, kind + HeadDetectors.ON_TEXT);
        for (int l = 0; l < model.config().dims().layers(); l++) {
            double[][][] pattern = pattern(model, l);
            for (int h = 0; h < pattern.length; h++) {
                double on = 0;
                double all = 0;
                for (int q = 0; q < IDS.length; q++) {
                    for (int k = 0; k < IDS.length; k++) {
                        all += pattern[h][q][k];
                        on += wanted.holds(q, k) ? pattern[h][q][k] : 0;
                    }
                }
                assertThat(scores.at(l, h)).as("%s of %d.%d", kind, l, h).isCloseTo(on / all, within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LLAMA", "FALCON", "BLOOM"})
    void theSinkScoreIsTheMeanOfAColumn(RandomFamily family) {
        try (HookedTransformer model = family.create(4)) {
            Grid scores = grid(
                    run(
                            model,
                            new AttentionSinks(),
                            Map.of(
                                    "text",
                                    prompt(IDS).line(),
                                    "length",
                                    "16",
                                    "sequences",
                                    "1",
                                    "position",
                                    "2",
                                    "bos",
                                    "no")),
                    "Sink score, natural text");

            for (int l = 0; l < model.config().dims().layers(); l++) {
                double[][][] pattern = pattern(model, l);
                for (int h = 0; h < pattern.length; h++) {
                    double sum = 0;
                    for (int q = 2; q < IDS.length; q++) {
                        sum += pattern[h][q][2];
                    }
                    assertThat(scores.at(l, h)).isCloseTo(sum / (IDS.length - 2), within(1e-5));
                }
            }
        }
    }

    /** Each part switched off by a hook, one whole run each. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "LLAMA, zero",
        "LLAMA, gate",
        "LLAMA, mean",
        "LLAMA, resample",
        "LLAMA, uniform",
        "GPT_NEOX, zero",
        "GPT_NEOX, uniform",
        "MISTRAL, uniform",
        "GEMMA2, mean",
        "BLOOM, uniform",
        "GPTJ, resample"
    })
    void ablationsOfHeadsAreThoseOfAPlainLoopWithHooks(RandomFamily family, String mode) {
        int[] other = {7, 8, 9, 10, 11, 12, 13, 14};
        int[] ids = {6, 9, 14, 9, 21, 6, 9, 30};
        Map<String, String> texts = new HashMap<>(Map.of("prompt", prompt(ids).line(), "mode", mode, "gate", "0.3"));
        texts.putAll(Map.of(
                "answer", "ids:11", "foil", "ids:17", "other", prompt(other).line()));
        try (HookedTransformer model = family.create(4)) {
            Grid found = grid(run(model, new HeadAblation(), texts), "Metric when ablated");

            for (int l = 0; l < model.config().dims().layers(); l++) {
                for (int h = 0; h < model.config().dims().heads(); h++) {
                    assertThat(found.at(l, h))
                            .as("%d.%d", l, h)
                            .isCloseTo(byHand(model, mode, l, h, ids, other), within(1e-4));
                }
            }
        }
    }

    private static double byHand(HookedTransformer model, String mode, int layer, int head, int[] ids, int[] other) {
        HookSite z = HookSite.of(SiteKind.Z, layer);
        int window = model.config().attention().layers().get(layer).window();
        Hook hook =
                switch (mode) {
                    case "zero" -> HeadEdits.times(head, 0);
                    case "gate" -> HeadEdits.times(head, 0.3);
                    case "mean" -> HeadEdits.mean(head);
                    case "resample" -> HeadEdits.put(head, values(model, z, other));
                    default -> HeadEdits.uniform(head, window);
                };
        HookSite site = mode.equals("uniform") ? HookSite.of(SiteKind.PATTERN, layer) : z;
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[][] {ids}))
                .hook("by hand", site, hook)
                .lastLogits()
                .build())) {
            float[] logits = run.logits().toFloatArray();
            return (double) logits[11] - logits[17];
        }
    }

    private static float[] values(HookedTransformer model, HookSite site, int[] ids) {
        try (RunResult run = model.run(
                RunRequest.of(TokenBatch.of(new int[][] {ids})).capture(site).build())) {
            return run.cache().get(site).toFloatArray();
        }
    }

    private interface Pair {
        boolean holds(int query, int key);
    }

    /** {@code [head][query][key]} of the text. */
    private static double[][][] pattern(HookedTransformer model, int layer) {
        float[] values = values(model, HookSite.of(SiteKind.PATTERN, layer), IDS);
        int t = IDS.length;
        double[][][] pattern = new double[values.length / (t * t)][t][t];
        for (int i = 0; i < values.length; i++) {
            pattern[i / (t * t)][i / t % t][i % t] = values[i];
        }
        return pattern;
    }

    private static <P extends Record, F extends Findings> Findings run(
            HookedTransformer model, Analysis<P, F> analysis, Map<String, String> texts) {
        P parameters = ParameterBinder.of(analysis.parameters()).bind(texts);
        return analysis.run(IdContexts.of(model), parameters, Progress.none());
    }

    private static Grid grid(Findings found) {
        return ((GridPanel) found.panels().get(0)).grid();
    }

    private static Grid grid(Findings found, String title) {
        List<String> titles = new ArrayList<>();
        for (var panel : found.panels()) {
            titles.add(panel.title());
            if (panel.title().equals(title)) {
                return ((GridPanel) panel).grid();
            }
        }
        throw new AssertionError("no '" + title + "' among " + titles);
    }
}
