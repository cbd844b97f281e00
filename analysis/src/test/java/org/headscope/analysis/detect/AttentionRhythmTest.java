package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.Families;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.Panels;
import org.headscope.analysis.detect.AttentionRhythm.Parameters;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.handbuilt.SinkModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class AttentionRhythmTest {
    private static final int PROMPT = 20;
    private static final int LENGTH = 60;

    /** Head 0 attends to the first token alone, head 1 to all evenly. */
    @Test
    void uniformAttentionAndASinkHaveTheirClosedForms() {
        try (HookedTransformer model = SinkModel.create(1e12)) {
            Findings found = run(model, ids(LENGTH, 16), 0.5);

            double[] span = Panels.grid(found, RhythmReport.SPAN);
            double mean = IntStream.range(PROMPT, LENGTH).average().orElseThrow();
            assertThat(span[SinkModel.SINK_HEAD]).isCloseTo(mean, within(1e-3));
            assertThat(span[SinkModel.UNIFORM_HEAD]).isCloseTo(mean / 2, within(1e-3));
            assertThat(Panels.grid(found, RhythmReport.SPAN_WITHOUT_FIRST)[SinkModel.SINK_HEAD])
                    .as("nothing is left without the first token")
                    .isNaN();
            double[] waad = Panels.grid(found, RhythmReport.WAAD);
            assertThat(waad[49]).as("the figure of the definition sheet").isCloseTo(8.9, within(1e-5));
            double[] fai = Panels.grid(found, RhythmReport.FAI);
            assertThat(fai[0]).as("everything looks back at the first token").isCloseTo(1, within(1e-6));
            assertThat(fai[30]).isCloseTo(0, within(1e-6));
            assertThat(fai[LENGTH - 11]).isNotNaN();
            assertThat(fai[LENGTH - 10]).as("nothing comes far enough behind").isNaN();
        }
    }

    /** Its idle heads attend to the first token, one head to the token before: one-hot at distance 1 and t. */
    @Test
    void oneHotAttentionHasTheDistanceItself() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = run(model, ids(LENGTH, 32), 0.1);

            double[] span = Panels.grid(found, RhythmReport.SPAN);
            assertThat(span[InductionModel.PREVIOUS_HEAD]).isCloseTo(1, within(1e-4));
            assertThat(span[0])
                    .isCloseTo(IntStream.range(PROMPT, LENGTH).average().orElseThrow(), within(1e-3));
            double[] waad = Panels.grid(found, RhythmReport.WAAD);
            for (int t = PROMPT; t < LENGTH; t++) {
                assertThat(waad[t]).isCloseTo(1, within(1e-4));
            }
            Table heads = Panels.table(found, RhythmReport.HEADS);
            assertThat(heads.rows().get(0).get(3)).isEqualTo("0.1");
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void numbersAreThoseOfThePlainLoopOverMeanMaps(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 9)) {
            int[] ids = ids(LENGTH, 40);
            Findings found = run(model, ids, 0.3);

            double[][][] maps = maps(model, ids);
            double[] span = new double[maps.length];
            for (int h = 0; h < span.length; h++) {
                for (int t = PROMPT; t < LENGTH; t++) {
                    for (int s = 0; s <= t; s++) {
                        span[h] += maps[h][t][s] * (t - s) / (LENGTH - PROMPT);
                    }
                }
            }
            assertThat(Panels.grid(found, RhythmReport.SPAN)).containsExactly(span, within(1e-3));
            List<Integer> order = IntStream.range(0, span.length)
                    .boxed()
                    .sorted((a, b) -> Double.compare(span[a], span[b]))
                    .toList();
            double waad = 0;
            double fai = 0;
            for (int i = 0; i < 2; i++) {
                double[][] local = maps[order.get(i)];
                double[][] global = maps[order.get(order.size() - 1 - i)];
                for (int s = 0; s <= 40; s++) {
                    waad += local[40][s] * Math.min(40 - s, 10) / 2;
                }
                for (int t = 35; t < LENGTH; t++) {
                    fai += global[t][25] / (LENGTH - 35) / 2;
                }
            }
            assertThat(Panels.grid(found, RhythmReport.WAAD)[40]).isCloseTo(waad, within(1e-4));
            assertThat(Panels.grid(found, RhythmReport.FAI)[25]).isCloseTo(fai, within(1e-5));
        }
    }

    static Stream<ModelConfig> families() {
        return Families.all(2);
    }

    /** {@code [layer * head][query][key]}. */
    private static double[][][] maps(HookedTransformer model, int[] ids) {
        List<HookSite> sites = HookSite.perLayer(2, SiteKind.PATTERN);
        double[][][] maps = new double[8][ids.length][ids.length];
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(ids)).capture(sites).build())) {
            for (int l = 0; l < 2; l++) {
                float[] flat = run.cache().get(sites.get(l)).toFloatArray();
                for (int i = 0; i < flat.length; i++) {
                    int row = i / ids.length;
                    maps[4 * l + row / ids.length][row % ids.length][i % ids.length] = flat[i];
                }
            }
        }
        return maps;
    }

    /** Worked by hand: ten tokens of response, four peaks of each kind. */
    @Test
    void anchorsAndCreditsFollowTheRules() {
        double[] waad = {0, 5, 5, 1, 1, 6, 6, 2, 2, 4, 4, 4};
        double[] fai = {.9, 0, .1, .5, .6, 0, 0, .4, .3, .2, Double.NaN, Double.NaN};
        var rhythm = new Rhythm(waad, fai, 1, new Rhythm.Rules(0.4, 2, 1.5, 0.25));

        assertThat(rhythm.delta()[2]).isEqualTo(4);
        assertThat(rhythm.localPeaks()).isEqualTo(Set.of(2, 4, 6, 8));
        assertThat(rhythm.anchors()).as("four of nine, not the prompt").isEqualTo(Set.of(3, 4, 7, 8));
        assertThat(rhythm.dominated()).isEqualTo(Set.of(3, 4, 7, 8));
        assertThat(rhythm.intro(8)).isEqualTo(6);
        assertThat(rhythm.credit()).containsExactly(1, 1, 1.125, 1.375, 1.375, 1, 1.125, 1.375, 1.375, 1, 1, 1);
        assertThat(rhythm.coupled(Set.of(3, 9))).isEqualTo(1);
        assertThat(rhythm.coupled(Set.of(1, 3))).isEqualTo(0.5);
    }

    @Test
    void withoutAResponseTheModelIsLetToSpeak() {
        try (HookedTransformer model = InductionModel.create()) {
            int[] cycle = IntStream.range(0, 24).map(i -> i % 6 + 1).toArray();
            var parameters = new Parameters(prompt(cycle), null, 15, 0.3, 10, 10, 100, 0.4, 2, 1.5, 0.5);

            Findings found = new AttentionRhythm().run(IdContexts.of(model), parameters, Progress.none());

            assertThat(Panels.table(found, RhythmReport.TOKENS).rows())
                    .hasSize(15)
                    .extracting(row -> row.get(1))
                    .startsWith("t1", "t2", "t3", "t4", "t5", "t6", "t1");
        }
    }

    @Test
    void responsesTooShortToLookBackAtAreRefused() {
        try (HookedTransformer model = SinkModel.create(2)) {
            assertThatThrownBy(() -> run(model, ids(PROMPT + 10, 16), 0.5))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("more than --near 10 tokens");
        }
    }

    private static int[] ids(int length, int vocab) {
        return IntStream.range(0, length).map(i -> (i * i + 3 * i) % vocab).toArray();
    }

    private static Findings run(HookedTransformer model, int[] ids, double share) {
        Prompt prompt = prompt(IntStream.range(0, PROMPT).map(i -> ids[i]).toArray());
        @Nullable
        Prompt response =
                prompt(IntStream.range(PROMPT, ids.length).map(i -> ids[i]).toArray());
        var parameters = new Parameters(prompt, response, 64, share, 10, 10, 100, 0.4, 2, 1.5, 0.5);
        Findings found = new AttentionRhythm().run(IdContexts.of(model), parameters, Progress.none());
        int before = model.ownedResources();
        new AttentionRhythm().run(IdContexts.of(model), parameters, Progress.none());
        assertThat(model.ownedResources()).isEqualTo(before);
        return found;
    }
}
