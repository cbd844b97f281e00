package org.headscope.analysis.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the shipped model finds the name of the other person. */
@Tag("engine")
class BundledCircuitTest {
    private static final Path FOLDER = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");

    private static HookedTransformer model;

    @BeforeAll
    static void load() {
        model = ModelLoader.load(FOLDER);
        // Tables of sines are made in the first run and kept; memory is counted from there.
        model.run(RunRequest.of(TokenBatch.of(new int[][] {{1, 2}})).build()).close();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static AnalysisContext context() {
        return new AnalysisContext(model, new SessionPrompts(Session.of(model)), List.of(), 0, SweepJournal.none());
    }

    private static <T extends Panel> T panel(Findings found, Class<T> type, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    private static double number(Findings found, String title, String column, int row) {
        Table table = panel(found, Table.class, title);
        List<String> names = table.columns().stream().map(Table.Column::name).toList();
        return ((Number) table.rows().get(row).get(names.indexOf(column))).doubleValue();
    }

    @Test
    void theNameGoesThroughOneHeadAndTheFirstMlpIntoValuesOfLaterHeads() {
        int before = model.ownedResources();
        Findings found = new EdgeAttribution()
                .run(
                        context(),
                        new EdgeAttribution.Parameters(
                                "ioi", null, null, null, null, EdgeMethod.EAP_IG, 5, 8, Split.TRAIN, 0.5, 10),
                        Progress.none());

        List<String> names = panel(found, EdgeGraph.class, EdgeAttribution.GRAPH).edges().stream()
                .map(edge -> edge.from() + "->" + edge.to() + "<" + edge.input() + ">")
                .toList();
        assertThat(names).startsWith("input->a0.kv2<v>", "a0.h4->m0<>").contains("m0->a3.kv3<v>", "m0->a5.kv3<v>");
        HeadGrid heads = panel(found, HeadGrid.class, EdgeAttribution.HEADS);
        assertThat(heads.grid().at(0, 4)).isLessThan(-8);
        assertThat(Objects.requireNonNull(heads.interval()).upper().at(0, 4)).isLessThan(-5);
        assertThat(number(found, EdgeAttribution.RUNS, "edges from the input, share of the gap", 0))
                .isBetween(0.9, 1.1);
        assertThat(model.ownedResources()).isEqualTo(before);
    }

    @Test
    void fiftyOfTwoThousandFiveHundredEdgesNameThePersonWhereRandomOnesDoNot() {
        int before = model.ownedResources();
        Findings found = new CircuitSearch()
                .run(context(), search(CircuitSearch.Search.GREEDY, List.of(10, 50, 100), 0.8), Progress.none());

        assertThat(number(found, CircuitSearch.FOUND, "edges of the model", 0)).isEqualTo(2500);
        assertThat(number(found, CircuitSearch.FOUND, "edges", 0)).isLessThanOrEqualTo(50);
        assertThat(number(found, CircuitSearch.FOUND, "faithfulness, held out", 0))
                .isGreaterThan(0.7);
        assertThat(number(found, CircuitSearch.CHANCE, "mean of random sets", 0))
                .isLessThan(0.1);
        assertThat(number(found, CircuitSearch.CHANCE_AMONG, "mean of random sets", 0))
                .isLessThan(0.4);
        assertThat(number(found, CircuitSearch.CHANCE, "p", 0)).isEqualTo(0.25);
        List<Double> shares =
                panel(found, Curve.class, CircuitSearch.CURVE).lines().get(0).y();
        assertThat(shares.get(2)).isGreaterThan(shares.get(0) + 0.5);
        assertThat(model.ownedResources()).isEqualTo(before);
    }

    /** One example shows that the search ends, and where. */
    @Test
    void droppingEdgesLeavesAFaithfulCircuitThatIsSmallerByFar() {
        Findings found = new CircuitSearch()
                .run(context(), search(CircuitSearch.Search.ACDC, List.of(10), 0.5), Progress.none());

        assertThat(number(found, CircuitSearch.FOUND, "edges", 0)).isBetween(3.0, 60.0);
        assertThat(number(found, CircuitSearch.FOUND, "faithfulness, held out", 0))
                .isGreaterThan(0.3);
        assertThat(panel(found, EdgeGraph.class, CircuitSearch.GRAPH).edges())
                .anyMatch(edge -> edge.from().equals("a0.h4") && edge.to().equals("m0"));
    }

    private static CircuitSearch.Parameters search(CircuitSearch.Search how, List<Integer> sizes, double threshold) {
        return new CircuitSearch.Parameters(
                "ioi",
                how,
                EdgeMethod.EAP_IG,
                5,
                sizes,
                0.8,
                CircuitSearch.Criterion.KL,
                threshold,
                how == CircuitSearch.Search.ACDC ? 1 : 8,
                12,
                3,
                0.5);
    }

    @Test
    void sixHeadsDoMuchOfTheTaskAndMissSomeOfTheModel() {
        int before = model.ownedResources();
        Findings found = new CircuitCriteria()
                .run(context(), criteria(List.of("0.4", "0.7", "3.6", "3.7", "5.3", "5.6")), Progress.none());

        assertThat(number(found, CircuitCriteria.FAITHFULNESS, "share of what heads do", 0))
                .isGreaterThan(0.4);
        assertThat(number(found, CircuitCriteria.CHANCE, "mean of random sets", 0))
                .isLessThan(0.2);
        // The other name movers take over when these are gone: the set is not complete.
        assertThat(number(found, CircuitCriteria.COMPLETENESS, "difference", 2)).isLessThan(-4);
        List<List<Object>> rows =
                panel(found, Table.class, CircuitCriteria.MINIMALITY).rows();
        assertThat(rows).hasSize(6).allMatch(row -> row.get(7).equals("needed"));
        assertThat(number(found, CircuitCriteria.MINIMALITY, "share of F(M)", 0))
                .isGreaterThan(0.2);
        assertThat(model.ownedResources()).isEqualTo(before);
    }

    @Test
    void headsThatDoNotExistOrAllHeadsAreRefused() {
        assertThatThrownBy(() -> new CircuitCriteria().run(context(), criteria(List.of("9.1")), Progress.none()))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("9.1");
        List<String> all =
                IntStream.range(0, 48).mapToObj(i -> i / 8 + "." + i % 8).toList();
        assertThatThrownBy(() -> new CircuitCriteria().run(context(), criteria(all), Progress.none()))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("fewer");
    }

    @Test
    void aGapThatNoExampleHasIsRefused() {
        var parameters = new EdgeAttribution.Parameters(
                "ioi", null, null, null, null, EdgeMethod.EAP, 5, 4, Split.TRAIN, 1000, 10);
        assertThatThrownBy(() -> new EdgeAttribution().run(context(), parameters, Progress.none()))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("smaller gap");
    }

    private static CircuitCriteria.Parameters criteria(List<String> heads) {
        return new CircuitCriteria.Parameters("ioi", heads, CircuitCriteria.Outside.MEAN, 150, 8, 12, 2, 2, 0.03, 5);
    }
}
