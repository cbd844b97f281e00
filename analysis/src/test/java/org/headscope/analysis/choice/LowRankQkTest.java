package org.headscope.analysis.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.choice.LowRankQk.Parameters;
import org.headscope.analysis.choice.LowRankQk.Places;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.LabelModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class LowRankQkTest {
    private static final List<EncodedExample> TRAIN = Questions.draw(60, 1);
    private static final List<EncodedExample> HELD_OUT = Questions.draw(24, 2);
    private static final List<Integer> LABELS = List.of(0, 1, 2, 3);

    /** Centred, the four queries and the four keys of the label head span three directions each. */
    @Test
    void theTrueRankChangesNothingAndOneLessDoes() {
        try (HookedTransformer model = LabelModel.create()) {
            assertThat(largestChange(model, LabelModel.RANK)).isLessThan(1e-4);
            assertThat(largestChange(model, LabelModel.RANK - 1)).isGreaterThan(0.1);
        }
    }

    private static double largestChange(HookedTransformer model, int rank) {
        List<MaskUnit> heads = List.of(MaskUnit.head(0, LabelModel.HEAD));
        Map<HeadSide, Subspace> spaces = new HashMap<>();
        new SubspaceRun(IdContexts.of(model), ChoicePrompt.of(TRAIN, LABELS), heads)
                .sample(
                        List.of(
                                new HeadSide(SiteKind.Q, 0, LabelModel.HEAD, Places.LABELS),
                                new HeadSide(SiteKind.K, 0, LabelModel.HEAD, Places.LABELS)),
                        Progress.none())
                .forEach((side, vectors) -> spaces.put(side, Subspace.leading(vectors, rank)));
        SubspaceRun asked = new SubspaceRun(IdContexts.of(model), ChoicePrompt.of(HELD_OUT, LABELS), heads);
        SubspaceRun.Outcome full = asked.ask(Map.of(), List.of(), Progress.none());
        SubspaceRun.Outcome few = asked.ask(spaces, List.of(), Progress.none());
        double worst = Math.abs(full.attention() - few.attention());
        for (int i = 0; i < full.scores().size(); i++) {
            double change = full.scores().get(i).centred() - few.scores().get(i).centred();
            worst = Math.max(worst, Math.abs(change));
        }
        return worst;
    }

    @Test
    void theTableSaysWhatIsLeftAtEveryRank() {
        try (HookedTransformer model = LabelModel.create()) {
            Findings found = run(model, List.of("0.1"), List.of(1, 3), true);

            List<List<Object>> rows = ((Table) found.panels().get(0)).rows();
            assertThat(rows).extracting(row -> row.get(0)).startsWith("full model", "the heads off", "rank 1");
            assertThat((double) rows.get(0).get(1)).isEqualTo(1);
            assertThat((double) rows.get(1).get(1)).isLessThan(0.6);
            assertThat((double) rows.get(2).get(1)).isLessThan(1);
            assertThat((double) rows.get(4).get(1)).isEqualTo(1);
            assertThat((double) rows.get(4).get(6))
                    .isCloseTo((double) rows.get(0).get(6), within(1e-5));
            assertThat((double) rows.get(0).get(7)).isZero();
            assertThat((double) rows.get(2).get(7)).isGreaterThan(0.1);
            assertThat((double) rows.get(4).get(8)).isCloseTo(1, within(1e-9));
            assertThat((double) rows.get(5).get(2))
                    .isGreaterThan((double) rows.get(4).get(2));
            assertThat(found.receipts()).hasSize(3);
        }
    }

    /** With every direction left, projecting changes nothing, whatever the model: grouped keys and rotation included. */
    @Test
    void allDirectionsAreTheWholeHead() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(new Dims(2, 4, 2, 16, 4, 24, 16, 31)), 4)) {
            Findings found = run(model, List.of("1.2", "1.3"), List.of(4), Places.OPTIONS, true);

            List<List<Object>> rows = ((Table) found.panels().get(0)).rows();
            for (int column : new int[] {1, 2, 5, 6, 7}) {
                assertThat((double) rows.get(2).get(column))
                        .isCloseTo((double) rows.get(0).get(column), within(1e-5));
            }
            assertThat((double) rows.get(1).get(2))
                    .isNotCloseTo((double) rows.get(0).get(2), within(1e-4));
        }
    }

    @Test
    void aProjectionIsAnOrthogonalOneAroundTheMean() {
        Random random = new Random(5);
        List<double[]> sample = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            sample.add(random.doubles(6, -1, 2).toArray());
        }
        Subspace space = Subspace.leading(sample, 2);
        float[] x = {0.3f, -1, 2, 0.5f, 1, -0.2f};
        float[] once = x.clone();
        space.project(once, 0);
        float[] twice = once.clone();
        space.project(twice, 0);

        assertThat(twice).containsExactly(once, within(1e-6f));
        for (double[] direction : space.basis()) {
            double along = IntStream.range(0, 6)
                    .mapToDouble(i -> direction[i] * (x[i] - once[i]))
                    .sum();
            assertThat(along).isCloseTo(0, within(1e-6));
        }
        assertThat(space.kept()).isBetween(0.3, 0.9);
        assertThat(space.random(random).basis()).hasNumberOfRows(2);
    }

    @Test
    void ranksAndHeadsThatDoNotExistAreRefused() {
        try (HookedTransformer model = LabelModel.create()) {
            assertThatThrownBy(() -> run(model, List.of("0.1"), List.of(5), false))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("d_head");
            assertThatThrownBy(() -> run(model, List.of("0.2"), List.of(1), false))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("0.2");
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = LabelModel.create()) {
            int before = model.ownedResources();
            run(model, List.of("0.1"), List.of(2), true);
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Findings run(HookedTransformer model, List<String> heads, List<Integer> ranks, boolean values) {
        return run(model, heads, ranks, Places.LABELS, values);
    }

    private static Findings run(
            HookedTransformer model, List<String> heads, List<Integer> ranks, Places places, boolean values) {
        Parameters parameters = new Parameters(heads, ranks, places, values, TRAIN.size(), HELD_OUT.size(), 3);
        return LowRankQk.of(IdContexts.of(model), TRAIN, HELD_OUT, parameters, Progress.none());
    }
}
