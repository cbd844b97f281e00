package org.headscope.hooks.handbuilt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.hooks.handbuilt.InductionModel.INDUCTION_HEAD;
import static org.headscope.hooks.handbuilt.InductionModel.INDUCTION_LAYER;
import static org.headscope.hooks.handbuilt.InductionModel.PREVIOUS_HEAD;
import static org.headscope.hooks.handbuilt.InductionModel.PREVIOUS_LAYER;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InductionModelTest {
    private static final int N = 16;
    private static final int HALF = 8;
    private static final HookSite PREVIOUS_Z = HookSite.of(SiteKind.Z, PREVIOUS_LAYER);
    private static final HookSite INDUCTION_Z = HookSite.of(SiteKind.Z, INDUCTION_LAYER);

    /** BOS and 16 different tokens twice; the query under test is that of token 7 in the second copy, position 23. */
    private static final int[] CLEAN = sentence(ids(1, N), ids(1, N));

    private static final int QUERY = 23;
    private static final int RIGHT = 8;
    private static final int WRONG = 12;

    private static HookedTransformer model;

    @BeforeAll
    static void build() {
        model = InductionModel.create();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest(name = "{0}: offset {1}, head {2}.{3}")
    @CsvSource({"previous token, 1, 0, 1", "induction, 15, 1, 2"})
    void exactlyOneHeadHasTheScore(String name, int offset, int layer, int head) {
        for (int l = 0; l < 2; l++) {
            float[] scores = scores(l, offset);
            for (int h = 0; h < scores.length; h++) {
                double expected = l == layer && h == head ? 1 : 0;
                assertThat((double) scores[h])
                        .as("%s score of %d.%d", name, l, h)
                        .isCloseTo(expected, within(1e-6));
            }
        }
    }

    @Test
    void noHeadLooksAtTheSameTokenEarlier() {
        for (int l = 0; l < 2; l++) {
            for (float score : scores(l, N)) {
                assertThat((double) score).isCloseTo(0, within(1e-6));
            }
        }
    }

    @Test
    void idleHeadsLookAtTheFirstTokenAndWriteNothing() {
        try (RunResult run = run(CLEAN, List.of(), HookSite.of(SiteKind.PATTERN, 0), PREVIOUS_Z)) {
            NDArray pattern = run.cache().get(HookSite.of(SiteKind.PATTERN, 0));
            assertThat(pattern.getFloat(0, 0, 20, 0)).isCloseTo(1, within(1e-6f));
            NDArray z = run.cache().get(PREVIOUS_Z);
            assertThat(z.get(":, :, 0").abs().max().getFloat()).isZero();
        }
    }

    @Test
    void theSecondCopyIsPredictedPerfectly() {
        try (RunResult run = run(CLEAN, List.of())) {
            long[] top = run.logits().argMax(2).toLongArray();
            for (int t = N + 1; t < 2 * N; t++) {
                assertThat(top[t]).as("after position %d", t).isEqualTo(CLEAN[t + 1]);
            }
        }
    }

    @Test
    void oneCorruptKeyTakesTheMetricFromTenToNothing() {
        assertThat(metric(CLEAN)).isCloseTo(10, within(1e-5));
        assertThat(metric(corrupt())).isCloseTo(0, within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2"})
    void denoisingEitherHeadRestoresEverything(int layer, int head) {
        assertThat(patched(corrupt(), CLEAN, HookSite.of(SiteKind.Z, layer), Region.head(head)))
                .isCloseTo(10, within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2"})
    void noisingEitherHeadDestroysEverything(int layer, int head) {
        assertThat(patched(CLEAN, corrupt(), HookSite.of(SiteKind.Z, layer), Region.head(head)))
                .isCloseTo(0, within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 2", "0, 3", "1, 0", "1, 1", "1, 3"})
    void patchingAnIdleHeadDoesNothing(int layer, int head) {
        assertThat(patched(corrupt(), CLEAN, HookSite.of(SiteKind.Z, layer), Region.head(head)))
                .isCloseTo(0, within(1e-5));
    }

    /** The signal travels from the previous-token head through the keys of the induction head, and no other way. */
    @ParameterizedTest
    @CsvSource({"K_INPUT, 10", "Q_INPUT, 0", "V_INPUT, 0"})
    void onlyTheKeyPathCarriesTheSignal(SiteKind input, double expected) {
        HookSite end = HookSite.of(SiteKind.RESID_POST, PREVIOUS_LAYER);
        try (RunResult clean = run(CLEAN, List.of(), PREVIOUS_Z);
                RunResult sender = model.run(RunRequest.of(TokenBatch.of(corrupt()))
                        .edits(edits(new Intervention.Patch(PREVIOUS_Z, Region.head(PREVIOUS_HEAD), clean.cache())))
                        .capture(end)
                        .build())) {
            NDArray resid = sender.cache().get(end);
            try (RunResult run = model.run(RunRequest.of(TokenBatch.of(corrupt()))
                    .hook("path", HookSite.of(input, INDUCTION_LAYER), (value, point) -> {
                        NDArray copies = resid.expandDims(2).broadcast(value.getShape());
                        copies.attach(value.getManager());
                        return copies;
                    })
                    .build())) {
                assertThat(difference(run.logits(), QUERY)).isCloseTo(expected, within(1e-5));
            }
        }
    }

    @Test
    void attributionPatchingFindsTheRightHeadWithTheWrongSize() {
        RunRequest atCorrupt =
                RunRequest.of(TokenBatch.of(corrupt())).capture(PREVIOUS_Z).build();
        try (RunResult clean = run(CLEAN, List.of(), PREVIOUS_Z);
                Gradients.Result gradient = new Gradients(model).of(atCorrupt, logits -> {
                    NDArray row = logits.get(0, QUERY);
                    return row.get(RIGHT).sub(row.get(WRONG));
                })) {
            NDArray change = clean.cache()
                    .get(PREVIOUS_Z)
                    .sub(gradient.activations().get(PREVIOUS_Z))
                    .mul(gradient.gradients().get(PREVIOUS_Z))
                    .sum(new int[] {0, 1, 3});
            float[] byHead = change.toFloatArray();
            assertThat(byHead[PREVIOUS_HEAD] / 10.0).isCloseTo(1.25, within(1e-4));
            assertThat(byHead[0]).isZero();
        }
    }

    /** Which of z, q, k, v and pattern of the induction head carries the prediction over from a repeating prompt. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "AB, Z, true", "AB, Q, true", "AB, K, false", "AB, V, false", "AB, PATTERN, true",
        "BA, Z, true", "BA, Q, false", "BA, K, false", "BA, V, false", "BA, PATTERN, false",
        "BB, Z, true", "BB, Q, false", "BB, K, false", "BB, V, true", "BB, PATTERN, false",
        "BC, Z, true", "BC, Q, false", "BC, K, false", "BC, V, false", "BC, PATTERN, false"
    })
    void patchingPartsOfTheInductionHead(String halves, SiteKind kind, boolean restores) {
        HookSite site = HookSite.of(kind, INDUCTION_LAYER);
        int[] clean = sentence(ids(1, HALF), ids(1, HALF));
        int[] corrupt = sentence(half(halves.charAt(0)), half(halves.charAt(1)));
        try (RunResult source = run(clean, List.of(), site);
                RunResult run = run(
                        corrupt, List.of(new Intervention.Patch(site, Region.head(INDUCTION_HEAD), source.cache())))) {
            double logProb = meanLogProb(run.logits(), clean);
            if (restores) {
                assertThat(logProb).isCloseTo(-Math.log(1 + 31 * Math.exp(-10)), within(1e-5));
            } else {
                assertThat(logProb).isLessThan(-3);
            }
        }
    }

    private static int[] half(char name) {
        return ids(1 + (name - 'A') * HALF, HALF);
    }

    private static int[] ids(int from, int count) {
        return IntStream.range(from, from + count).toArray();
    }

    private static int[] sentence(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(0), IntStream.concat(IntStream.of(first), IntStream.of(second)))
                .toArray();
    }

    /** The token whose successor is asked for is another one in the first copy. */
    private static int[] corrupt() {
        int[] ids = CLEAN.clone();
        ids[QUERY - N] = 30;
        return ids;
    }

    private static List<org.headscope.hooks.run.SiteEdit> edits(Intervention... interventions) {
        return new Interventions(model.config()).compile(List.of(interventions));
    }

    private static RunResult run(int[] ids, List<Intervention> interventions, HookSite... sites) {
        return model.run(RunRequest.of(TokenBatch.of(ids))
                .edits(new Interventions(model.config()).compile(interventions))
                .capture(sites)
                .build());
    }

    private static double metric(int[] ids) {
        try (RunResult run = run(ids, List.of())) {
            return difference(run.logits(), QUERY);
        }
    }

    private static double patched(int[] into, int[] from, HookSite site, Region region) {
        try (RunResult source = run(from, List.of(), site);
                RunResult run = run(into, List.of(new Intervention.Patch(site, region, source.cache())))) {
            return difference(run.logits(), QUERY);
        }
    }

    private static double difference(NDArray logits, int position) {
        return (double) logits.getFloat(0, position, RIGHT) - logits.getFloat(0, position, WRONG);
    }

    /** Mean attention from the second copy to the position {@code offset} earlier, per head. */
    private static float[] scores(int layer, int offset) {
        HookSite site = HookSite.of(SiteKind.PATTERN, layer);
        try (RunResult run = run(CLEAN, List.of(), site)) {
            NDArray pattern = run.cache().get(site);
            int heads = (int) pattern.getShape().get(1);
            float[] scores = new float[heads];
            for (int h = 0; h < heads; h++) {
                for (int t = N + 1; t <= 2 * N; t++) {
                    scores[h] += pattern.getFloat(0, h, t, t - offset) / N;
                }
            }
            return scores;
        }
    }

    private static double meanLogProb(NDArray logits, int[] ids) {
        NDArray logProbs = logits.logSoftmax(2);
        double sum = 0;
        for (int t = HALF + 1; t < 2 * HALF; t++) {
            sum += logProbs.getFloat(0, t, ids[t + 1]);
        }
        return sum / (HALF - 1);
    }
}
