package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.Families;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.Panels;
import org.headscope.analysis.detect.SinkAnatomy.Parameters;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.handbuilt.SinkModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class SinkAnatomyTest {
    private static final int TOKENS = 20;

    /** Its queries are all the same vector, and only position 0 has a key. */
    @Test
    void inTheSinkModelTheAngleIsKnown() {
        try (HookedTransformer model = SinkModel.create(50)) {
            Findings found =
                    run(model, 0, prompt(IntStream.range(0, 40).map(i -> i % 16).toArray()));

            assertThat(Panels.grid(found, SinkAnatomy.COSINE)[SinkModel.SINK_HEAD])
                    .isCloseTo(1, within(1e-6));
            assertThat(Panels.grid(found, SinkAnatomy.COSINE_OTHERS)[SinkModel.SINK_HEAD])
                    .isZero();
            assertThat(Panels.grid(found, SinkAnatomy.COSINE)[SinkModel.UNIFORM_HEAD])
                    .isZero();
            List<Object> strongest =
                    Panels.table(found, SinkAnatomy.STRONGEST).rows().get(0);
            assertThat(strongest.get(0)).isEqualTo("0.0");
            assertThat((double) strongest.get(1)).isCloseTo(SinkModel.sinkScore(50, TOKENS), within(1e-5));
            assertThat((double) strongest.get(4)).isCloseTo(4 * Math.log(50), within(1e-4));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void numbersAreThoseOfAPlainLoopOverPairs(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 7)) {
            int sink = 2;
            int[] ids = IntStream.range(0, TOKENS).map(i -> (7 * i + 3) % 40).toArray();
            Findings found = run(model, sink, prompt(ids));

            Plain plain = new Plain(model, ids, sink);
            double[] cosine = Panels.grid(found, SinkAnatomy.COSINE);
            double[] others = Panels.grid(found, SinkAnatomy.COSINE_OTHERS);
            for (int layer = 0; layer < 2; layer++) {
                for (int head = 0; head < 4; head++) {
                    double[] expected = plain.cosines(layer, head);
                    assertThat(cosine[layer * 4 + head]).isCloseTo(expected[0], within(1e-5));
                    assertThat(others[layer * 4 + head]).isCloseTo(expected[1], within(1e-5));
                }
                assertThat(Panels.line(found, SinkAnatomy.STREAM, 0)[layer])
                        .isCloseTo(plain.streamNorm(layer, sink), within(1e-4));
            }
            HeadGrid keys = (HeadGrid) Panels.named(found, SinkAnatomy.KEY_RATIO);
            assertThat(keys.grid().axes().get(1).size()).isEqualTo(config.dims().kvHeads());
            assertThat(keys.grid().at(1, 1)).isCloseTo(plain.keyRatio(1, 1), within(1e-4));
        }
    }

    static Stream<ModelConfig> families() {
        return Families.all(2);
    }

    /** Without learned positions equal tokens have equal states everywhere (Gu et al.): nothing is special about the first. */
    @ParameterizedTest
    @MethodSource("withoutLearnedPositions")
    void oneIdRepeatedLeavesNothingSpecialAboutTheFirstToken(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            int[] same = new int[TOKENS];
            Arrays.fill(same, 11);

            Findings found = run(model, 0, prompt(same));

            double[] at = Panels.line(found, SinkAnatomy.STREAM, 0);
            double[] others = Panels.line(found, SinkAnatomy.STREAM, 1);
            for (int row = 0; row < at.length; row++) {
                assertThat(at[row]).isCloseTo(others[row], within(1e-5 * at[row]));
            }
            for (double ratio : Panels.grid(found, SinkAnatomy.VALUE_RATIO)) {
                assertThat(ratio).isCloseTo(1, within(1e-5));
            }
            double spread = spread(model, same);
            assertThat(spread).as("largest difference between positions").isLessThan(1e-4);
        }
    }

    static Stream<ModelConfig> withoutLearnedPositions() {
        return Families.all(2)
                .filter(config -> config.attention().layers().get(0).rope() != null
                        || config.family().equals("bloom"));
    }

    @Test
    void withLearnedPositionsTheFirstTokenIsSpecialEvenWhenAllAreTheSame() {
        ModelConfig gpt2 = RandomModel.gpt2(new Dims(2, 4, 4, 32, 8, 48, 64, 40));
        try (HookedTransformer model = RandomModel.of(gpt2, 3)) {
            int[] same = new int[TOKENS];
            Arrays.fill(same, 11);

            assertThat(spread(model, same)).isGreaterThan(0.01);
        }
    }

    private static double spread(HookedTransformer model, int[] ids) {
        HookSite last = HookSite.of(SiteKind.RESID_POST, 1);
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(ids)).capture(last).build())) {
            float[] flat = run.cache().get(last).toFloatArray();
            int width = flat.length / ids.length;
            return IntStream.range(0, flat.length)
                    .mapToDouble(i -> Math.abs(flat[i] - flat[i % width]))
                    .max()
                    .orElseThrow();
        }
    }

    @Test
    void aSinkAtTheLastPositionIsRefused() {
        try (HookedTransformer model = SinkModel.create(2)) {
            assertThatThrownBy(() -> run(model, TOKENS - 1, prompt(new int[TOKENS])))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("0 to " + (TOKENS - 2));
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = SinkModel.create(2)) {
            int before = model.ownedResources();

            run(model, 0, prompt(new int[TOKENS]));

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Findings run(HookedTransformer model, int sink, org.headscope.analysis.spi.Prompt text) {
        var parameters = new Parameters(text, 5, TOKENS, sink, false);
        return new SinkAnatomy().run(IdContexts.of(model), parameters, Progress.none());
    }

    /** The same from captured activations, pair by pair. */
    private static final class Plain {
        private final List<double[][][]> queries = new ArrayList<>();
        private final List<double[][][]> keys = new ArrayList<>();
        private final List<double[][][]> streams = new ArrayList<>();
        private final int sink;
        private final int group;

        Plain(HookedTransformer model, int[] ids, int sink) {
            this.sink = sink;
            Dims dims = model.config().dims();
            this.group = dims.group();
            boolean rotary = model.config().attention().layers().get(0).rope() != null;
            List<HookSite> sites = new ArrayList<>();
            for (int l = 0; l < dims.layers(); l++) {
                sites.add(HookSite.of(rotary ? SiteKind.ROT_Q : SiteKind.Q, l));
                sites.add(HookSite.of(rotary ? SiteKind.ROT_K : SiteKind.K, l));
                sites.add(HookSite.of(SiteKind.RESID_PRE, l));
            }
            try (RunResult run =
                    model.run(RunRequest.of(TokenBatch.of(ids)).capture(sites).build())) {
                for (int l = 0; l < dims.layers(); l++) {
                    queries.add(read(run, sites.get(3 * l), dims.heads(), dims.dHead()));
                    keys.add(read(run, sites.get(3 * l + 1), dims.kvHeads(), dims.dHead()));
                    streams.add(read(run, sites.get(3 * l + 2), 1, dims.dModel()));
                }
            }
        }

        /** {@code [pos][head][width]}. */
        private static double[][][] read(RunResult run, HookSite site, int heads, int width) {
            float[] flat = run.cache().get(site).toFloatArray();
            double[][][] result = new double[flat.length / heads / width][heads][width];
            for (int i = 0; i < flat.length; i++) {
                result[i / width / heads][i / width % heads][i % width] = flat[i];
            }
            return result;
        }

        double[] cosines(int layer, int head) {
            double at = 0;
            double others = 0;
            int pairs = 0;
            int positions = queries.get(layer).length;
            for (int t = sink + 1; t < positions; t++) {
                for (int s = 0; s <= t; s++) {
                    double[] q = queries.get(layer)[t][head];
                    double[] k = keys.get(layer)[s][head / group];
                    double cosine = dot(q, k) / Math.sqrt(dot(q, q) * dot(k, k));
                    at += s == sink ? cosine : 0;
                    others += s == sink ? 0 : cosine;
                    pairs += s == sink ? 0 : 1;
                }
            }
            return new double[] {at / (positions - 1 - sink), others / pairs};
        }

        double streamNorm(int layer, int position) {
            double[] x = streams.get(layer)[position][0];
            return Math.sqrt(dot(x, x));
        }

        double keyRatio(int layer, int kvHead) {
            double[][][] all = keys.get(layer);
            double others = 0;
            for (int s = 0; s < all.length; s++) {
                others += s == sink ? 0 : Math.sqrt(dot(all[s][kvHead], all[s][kvHead]));
            }
            return Math.sqrt(dot(all[sink][kvHead], all[sink][kvHead])) / (others / (all.length - 1));
        }

        private static double dot(double[] a, double[] b) {
            return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
        }
    }
}
