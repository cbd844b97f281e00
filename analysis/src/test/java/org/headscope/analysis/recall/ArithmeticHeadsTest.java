package org.headscope.analysis.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.reading.EndAttention;
import org.headscope.analysis.recall.ArithmeticHeads.Counterfactual;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.tokens.TextTokenizer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class ArithmeticHeadsTest {
    private static final Path FOLDER = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");

    private static HookedTransformer model;

    @BeforeAll
    static void load() {
        model = ModelLoader.load(FOLDER);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void numbersAndSignAreFoundAndOnlyTheSignIsReplaced() {
        TextTokenizer tokenizer = Objects.requireNonNull(model.tokenizer());
        for (String task : List.of("addition", "subtraction")) {
            for (Calculation one : Calculation.draw(PathOracle.context(model, 4), task, Split.TRAIN, 20, false)) {
                int[] clean = one.example().clean();
                assertThat(one.operands()).hasSize(2);
                assertThat(one.operator()).containsExactly(one.operands().get(0) + 1);
                assertThat(tokenizer
                                .decode(new int[] {clean[one.operator().get(0)]})
                                .strip())
                        .isEqualTo(task.equals("addition") ? "+" : "-");
                List<Integer> changed = IntStream.range(0, clean.length)
                        .filter(p -> clean[p] != one.counterfactual()[p])
                        .boxed()
                        .toList();
                assertThat(changed).isEqualTo(one.operator());
            }
        }
    }

    @Test
    void withTheWholeCalculationGoneNoNumberIsLeft() {
        for (Calculation one : Calculation.draw(PathOracle.context(model, 4), "addition", Split.TRAIN, 20, true)) {
            for (int position : one.operands()) {
                assertThat(one.counterfactual()[position])
                        .isNotEqualTo(one.example().clean()[position]);
            }
        }
    }

    @Test
    void importanceIsTheRelativeChangeOfWholeRunsWithFrozenHeads() {
        var parameters = parameters("addition", 3, 5, List.of(1), Counterfactual.OPERATOR, 1);
        Findings found = new ArithmeticHeads().run(PathOracle.context(model, 2), parameters, Progress.none());
        List<Calculation> train = Calculation.draw(PathOracle.context(model, 2), "addition", Split.TRAIN, 3, false);
        PathOracle oracle = new PathOracle(model);
        List<List<Object>> mlps = table(found, ArithmeticHeads.MLPS).rows();

        for (int[] head : new int[][] {{0, 3}, {2, 1}, {5, 5}}) {
            double expected = 0;
            double ofMlp = 0;
            double operands = 0;
            for (Calculation one : train) {
                int[] clean = one.example().clean();
                int result = one.example().answers()[0];
                double metric = oracle.metric(clean, result);
                List<int[]> other = List.of(one.counterfactual());
                expected += (oracle.withHead(clean, other, head[0], head[1], result) - metric) / metric / train.size();
                ofMlp += (oracle.withMlp(clean, other, head[0], result) - metric) / metric / train.size();
                operands += attention(clean, head, one.operands()) / train.size();
            }
            assertThat(grid(found, ArithmeticHeads.IMPORTANCE).at(head)).isCloseTo(expected, within(5e-4));
            assertThat((double) mlps.get(head[0]).get(1)).isCloseTo(ofMlp, within(5e-4));
            assertThat(grid(found, ArithmeticHeads.OPERANDS).at(head)).isCloseTo(operands, within(1e-5));
        }
    }

    private static double attention(int[] prompt, int[] head, List<Integer> to) {
        HookSite site = HookSite.of(SiteKind.PATTERN, head[0]);
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(prompt)).capture(site).build())) {
            float[] pattern = run.cache().get(site).toFloatArray();
            int row = (head[1] * prompt.length + prompt.length - 1) * prompt.length;
            return to.stream().mapToDouble(position -> pattern[row + position]).sum();
        }
    }

    @Test
    void allAttentionOfARowIsOne() {
        int[] prompt = Calculation.draw(PathOracle.context(model, 4), "addition", Split.TRAIN, 1, false)
                .get(0)
                .example()
                .clean();

        double[] mass = EndAttention.of(PathOracle.context(model, 4), prompt)
                .mass(IntStream.range(0, prompt.length).boxed().toList());

        assertThat(mass).hasSize(48);
        for (double share : mass) {
            assertThat(share).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void theImportantHeadsOfTheShippedModelMatterMoreThanRandomOnes() {
        var parameters = parameters("addition", 30, 80, List.of(2, 5), Counterfactual.CALCULATION, 9);
        Findings found = new ArithmeticHeads().run(PathOracle.context(model, 0), parameters, Progress.none());
        List<Object> five = table(found, KnockOut.TABLE).rows().get(1);
        Curve lens = (Curve) panel(found, ResultLens.TITLE);
        Curve accuracy = (Curve) panel(found, KnockOut.CURVE);

        assertThat((double) five.get(2)).as("top five").isLessThan((double) five.get(5) - 0.2);
        assertThat((double) five.get(8)).as("p").isLessThanOrEqualTo(0.2);
        assertThat(accuracy.lines().get(0).y().get(0)).as("nothing out").isGreaterThan(0.9);
        assertThat(lens.lines().get(1).y().get(5))
                .isGreaterThan(lens.lines().get(0).y().get(0));
        assertThat(found.receipts()).isNotEmpty();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new ArithmeticHeads()
                        .run(
                                PathOracle.context(model, 0),
                                parameters("capital", 3, 3, List.of(1), Counterfactual.OPERATOR, 1),
                                Progress.none()))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("no calculation");
        assertThatThrownBy(() -> new ArithmeticHeads()
                        .run(
                                PathOracle.context(model, 0),
                                parameters("addition", 3, 3, List.of(25), Counterfactual.OPERATOR, 1),
                                Progress.none()))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("up to 24");
    }

    @Test
    void nativeMemoryIsGivenBack() {
        var parameters = parameters("subtraction", 3, 4, List.of(1), Counterfactual.OPERATOR, 1);
        new ArithmeticHeads().run(PathOracle.context(model, 1), parameters, Progress.none());
        int before = model.ownedResources();

        new ArithmeticHeads().run(PathOracle.context(model, 1), parameters, Progress.none());

        assertThat(model.ownedResources()).isEqualTo(before);
    }

    private static ArithmeticHeads.Parameters parameters(
            String task, int count, int heldOut, List<Integer> sizes, Counterfactual what, int controls) {
        return new ArithmeticHeads.Parameters(task, count, heldOut, sizes, what, controls, 1e-3);
    }

    private static Grid grid(Findings found, String title) {
        return ((GridPanel) panel(found, title)).grid();
    }

    private static Table table(Findings found, String title) {
        return (Table) panel(found, title);
    }

    private static Panel panel(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
