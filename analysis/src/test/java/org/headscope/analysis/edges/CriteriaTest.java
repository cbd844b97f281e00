package org.headscope.analysis.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.OrModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Circuits that are known beforehand: whole, with a piece missing, with an idle piece. */
@Tag("engine")
class CriteriaTest {
    private static final Contrast SIGNAL =
            new Contrast(new int[] {2, 1, 2}, new int[] {2, 2, 2}, OrModel.YES, OrModel.NO);
    private static final int PREVIOUS = 1;
    private static final int INDUCTION = 4 + 2;

    @Test
    void theInductionCircuitIsFaithfulCompleteAndMinimal() {
        try (HookedTransformer model = InductionModel.create();
                HeadKnockout heads = resampled(model, EdgeTests.INDUCES)) {
            CriteriaSearch search = search(heads, 8, PREVIOUS, INDUCTION);

            assertThat(heads.mean(new BitSet())).isCloseTo(10, within(1e-3));
            assertThat(heads.mean(search.leaving(new BitSet()))).isCloseTo(10, within(1e-3));
            assertThat(search.incompleteness(search.worstGreedy())).isCloseTo(0, within(1e-3));
            assertThat(search.incompleteness(search.worstRandom())).isCloseTo(0, within(1e-3));
            for (int v : new int[] {PREVIOUS, INDUCTION}) {
                assertThat(search.need(v, search.bestFor(v))).as("head %d", v).isCloseTo(10, within(1e-3));
            }
        }
    }

    @Test
    void aHeadThatWritesNothingFailsMinimalityWhateverElseIsRemoved() {
        try (HookedTransformer model = InductionModel.create();
                HeadKnockout heads = resampled(model, EdgeTests.INDUCES)) {
            int idle = 4 + 1;
            CriteriaSearch search = search(heads, 8, PREVIOUS, INDUCTION, idle);

            assertThat(search.need(idle, search.bestFor(idle))).isCloseTo(0, within(1e-3));
            assertThat(search.need(PREVIOUS, search.bestFor(PREVIOUS))).isCloseTo(10, within(1e-3));
        }
    }

    /** Half of an OR does the whole task, so it is faithful; only completeness tells that the other half is missing. */
    @Test
    void halfOfAnOrIsFaithfulButIncomplete() {
        try (HookedTransformer model = OrModel.create();
                HeadKnockout heads = resampled(model, SIGNAL)) {
            CriteriaSearch search = search(heads, 3, 0);

            assertThat(heads.mean(search.leaving(new BitSet()))).isCloseTo(10, within(1e-4));
            assertThat(search.worstGreedy()).isEqualTo(set(0));
            assertThat(search.incompleteness(search.worstGreedy())).isCloseTo(-10, within(1e-4));
            assertThat(search.incompleteness(search.worstRandom())).isCloseTo(-10, within(1e-4));
        }
    }

    /** Neither half is missed while the other one is there: minimality needs K. */
    @Test
    void bothHalvesOfAnOrAreCompleteAndEachIsNeededWithoutTheOther() {
        try (HookedTransformer model = OrModel.create();
                HeadKnockout heads = resampled(model, SIGNAL)) {
            CriteriaSearch search = search(heads, 3, 0, 1, 2);

            assertThat(search.incompleteness(search.worstGreedy())).isCloseTo(0, within(1e-4));
            assertThat(search.need(0, new BitSet())).isCloseTo(0, within(1e-4));
            assertThat(search.bestFor(0).get(1)).isTrue();
            assertThat(search.need(0, search.bestFor(0))).isCloseTo(10, within(1e-4));
            assertThat(search.need(1, search.bestFor(1))).isCloseTo(10, within(1e-4));
            assertThat(search.need(2, search.bestFor(2))).as("writes nothing").isCloseTo(0, within(1e-4));
        }
    }

    @Test
    void aSetThatWasRunOnceIsNotRunAgain() {
        try (HookedTransformer model = OrModel.create();
                HeadKnockout heads = resampled(model, SIGNAL)) {
            CriteriaSearch search = search(heads, 3, 0, 1, 2);
            for (int v = 0; v < 3; v++) {
                search.bestFor(v);
            }
            search.worstGreedy();

            assertThat(heads.runs()).as("of three heads there are eight sets").isEqualTo(8);
        }
    }

    @Test
    void resamplingIsWhatAblatingHeadByHeadDoes() {
        Contrast one = new Contrast(new int[] {1, 2, 3, 4, 5}, new int[] {1, 7, 3, 9, 5}, 6, 2);
        Contrast other = new Contrast(new int[] {4, 2, 8, 4}, new int[] {4, 2, 1, 4}, 3, 9);
        try (HookedTransformer model = random();
                HeadKnockout heads =
                        HeadKnockout.resampled(IdContexts.of(model), EdgeTests.set(one, other), Progress.none())) {
            double[] without = heads.without(set(1, 2, 6));

            assertThat(without[0]).isCloseTo(ablated(model, one, 1, 2, 6), within(1e-5));
            assertThat(without[1]).isCloseTo(ablated(model, other, 1, 2, 6), within(1e-5));
        }
    }

    private static double ablated(HookedTransformer model, Contrast pair, int... heads) {
        try (RunResult corrupt = model.run(captured(pair.corrupt()))) {
            List<Intervention> all = new ArrayList<>();
            for (int head : heads) {
                all.add(new Intervention.Ablate(
                        new Target.Head(head / 4, head % 4), new Ablation.Resample(corrupt.cache(), "the other")));
            }
            try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[][] {pair.clean()}))
                    .edits(new Interventions(model.config()).compile(all))
                    .lastLogits()
                    .build())) {
                float[] logits = run.logits().toFloatArray();
                return (double) logits[pair.answer()] - logits[pair.foil()];
            }
        }
    }

    private static RunRequest captured(int[] ids) {
        return RunRequest.of(TokenBatch.of(new int[][] {ids}))
                .capture(HookSite.of(SiteKind.Z, 0), HookSite.of(SiteKind.Z, 1))
                .build();
    }

    /** The mean over a single kind of reference is that reference; over several it lies between, and forms stay apart. */
    @Test
    void meansAreTakenOverCorruptPromptsOfTheSameForm() {
        Contrast pair = new Contrast(new int[] {1, 2, 3, 4, 5}, new int[] {1, 7, 3, 4, 5}, 6, 2);
        Contrast same = new Contrast(new int[] {1, 3, 3, 4, 5}, new int[] {1, 7, 3, 4, 5}, 6, 2);
        Contrast elsewhere = new Contrast(new int[] {1, 7, 3, 4, 5}, new int[] {1, 7, 3, 8, 5}, 6, 2);
        try (HookedTransformer model = random()) {
            var context = IdContexts.of(model);
            ContrastSet pairs = EdgeTests.set(pair);
            ContrastSet references = EdgeTests.set(same, same, elsewhere, same);
            try (HeadKnockout mean = HeadKnockout.averaged(context, pairs, references, 3, Progress.none());
                    HeadKnockout twin = HeadKnockout.resampled(context, pairs, Progress.none())) {
                assertThat(mean.without(set(0, 3, 5))).containsExactly(twin.without(set(0, 3, 5)), within(1e-5));
            }
            assertThatThrownBy(() -> HeadKnockout.averaged(context, pairs, references, 4, Progress.none()))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("not 4 reference prompts");
        }
    }

    @Test
    void aMeanIsTheMeanOfWhatHeadsWrite() {
        Contrast pair = new Contrast(new int[] {1, 2, 3}, new int[] {1, 7, 3}, 6, 2);
        Contrast second = new Contrast(new int[] {4, 2, 9}, new int[] {4, 5, 9}, 6, 2);
        try (HookedTransformer model = random()) {
            double expected;
            try (RunResult one = model.run(captured(pair.corrupt()));
                    RunResult two = model.run(captured(second.corrupt()))) {
                HookSite site = HookSite.of(SiteKind.Z, 0);
                float[] a = one.cache().get(site).toFloatArray();
                float[] b = two.cache().get(site).toFloatArray();
                try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[][] {pair.clean()}))
                        .hook("mean", site, (value, point) -> {
                            float[] z = value.toFloatArray();
                            for (int i = 0; i < z.length; i++) {
                                // [batch, pos, head, d_head]: head 2 of 4, of width 4
                                z[i] = i / 4 % 4 == 2 ? (a[i] + b[i]) / 2 : z[i];
                            }
                            return value.getManager()
                                    .create(z, value.getShape())
                                    .duplicate();
                        })
                        .lastLogits()
                        .build())) {
                    float[] logits = run.logits().toFloatArray();
                    expected = (double) logits[6] - logits[2];
                }
            }
            try (HeadKnockout mean = HeadKnockout.averaged(
                    IdContexts.of(model), EdgeTests.set(pair), EdgeTests.set(pair, second), 2, Progress.none())) {
                assertThat(mean.mean(set(2))).isCloseTo(expected, within(1e-5));
                assertThat(mean.mean(set(2))).isNotCloseTo(mean.mean(new BitSet()), within(1e-4));
            }
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = OrModel.create()) {
            int before = model.ownedResources();
            ContrastSet pairs = EdgeTests.set(SIGNAL, SIGNAL);
            try (HeadKnockout twin = resampled(model, SIGNAL);
                    HeadKnockout mean = HeadKnockout.averaged(IdContexts.of(model), pairs, pairs, 2, Progress.none())) {
                search(twin, 3, 0, 1).worstGreedy();
                search(mean, 3, 0, 1).worstGreedy();
            }
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static HookedTransformer random() {
        return RandomModel.of(RandomModel.gpt2(new Dims(2, 4, 4, 16, 4, 24, 24, 30)), 5);
    }

    private static HeadKnockout resampled(HookedTransformer model, Contrast pair) {
        return HeadKnockout.resampled(IdContexts.of(model), EdgeTests.set(pair), Progress.none());
    }

    private static BitSet set(int... heads) {
        BitSet set = new BitSet();
        IntStream.of(heads).forEach(set::set);
        return set;
    }

    private static CriteriaSearch search(HeadKnockout heads, int of, int... circuit) {
        var parameters = new CircuitCriteria.Parameters(
                "ioi", List.of(), CircuitCriteria.Outside.RESAMPLE, 1, 1, 1, 8, 3, 0.03, 1);
        return new CriteriaSearch(heads, set(circuit), of, parameters, 3);
    }
}
