package org.headscope.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.TinyReference;
import org.headscope.analysis.attribution.TaskAttribution.Against;
import org.headscope.analysis.attribution.TaskAttribution.Parameters;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.SampleSummary;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Averages of direct logit attribution on the shipped model. */
@Tag("engine")
class TaskAttributionTest {
    private static final Path SHIPPED = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");

    private static HookedTransformer model;

    @BeforeAll
    static void load() {
        model = ModelLoader.load(SHIPPED);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** Twelve examples of different lengths, one after the other by the analysis of a single prompt. */
    @Test
    void theMeanIsThatOfTheSinglePrompts() {
        AnalysisContext context = IdContexts.of(model);
        List<EncodedExample> drawn = TaskEncoder.of(model, BosPolicy.NEVER)
                .draw(TaskRegistry.require("ioi"), Split.TRAIN, 12, context.seed());
        double[] head = new double[drawn.size()];
        double[] mlp = new double[drawn.size()];
        for (int i = 0; i < head.length; i++) {
            EncodedExample one = drawn.get(i);
            Findings found = new DirectLogitAttribution()
                    .run(
                            context,
                            new DirectLogitAttribution.Parameters(
                                    IdContexts.prompt(one.clean()),
                                    IdContexts.prompt(one.answers()[0]),
                                    IdContexts.prompt(one.corruptAnswers()[0]),
                                    List.of(-1),
                                    false),
                            Progress.none());
            head[i] = ((HeadGrid) found.panels().get(0)).grid().at(5, 3);
            mlp[i] = part((Table) found.panels().get(1), "mlp 4");
        }

        Findings found = run("ioi", Against.FOIL, 12);

        SampleSummary expected = SampleSummary.of(head, new Bootstrap(1000, 0.95, context.seed()));
        assertThat(grid(found, 0).at(5, 3)).isCloseTo(expected.mean(), within(1e-4));
        assertThat(grid(found, 1).at(5, 3)).isCloseTo(expected.deviation(), within(1e-4));
        assertThat(part((Table) found.panels().get(2), "mlp 4"))
                .isCloseTo(SampleSummary.of(mlp, new Bootstrap(1, 0.5, 1)).mean(), within(1e-4));
        Interval interval = ((HeadGrid) found.panels().get(0)).interval();
        assertThat(interval).isNotNull();
        assertThat(interval.lower().at(5, 3)).isLessThan(expected.mean());
        assertThat(interval.upper().at(5, 3)).isGreaterThan(expected.mean());
    }

    @ParameterizedTest
    @EnumSource(Against.class)
    void thePartsAddUpToWhatTheModelSays(Against against) {
        Findings found = run("multiple-choice", against, 20);

        List<Object> row = ((Table) found.panels().get(4)).rows().get(0);
        double sum = (double) row.get(4);
        assertThat(sum).isCloseTo((double) row.get(5), within(1e-3)).isGreaterThan(1);
        Curve layers = (Curve) found.panels().get(3);
        List<Double> accumulated = layers.lines().get(2).y();
        assertThat(accumulated.get(accumulated.size() - 1)).isCloseTo(sum, within(1e-6));
    }

    /** The movers that docs/bundled-model.md names for one prompt are those of the task. */
    @Test
    void theShippedModelsMoversSpeakForTheNameInTheWholeTask() {
        Grid heads = grid(run("ioi", Against.FOIL, 40), 0);

        assertThat(heads.at(5, 3)).isGreaterThan(1);
        assertThat(heads.at(3, 6)).isGreaterThan(1);
        assertThat(heads.at(3, 7)).isGreaterThan(1);
    }

    @Test
    void modelsWhosePartsDoNotAddUpAreRefused() {
        TinyReference reference = TinyReference.of("opt_postnorm");
        try (HookedTransformer postNorm = ModelLoader.load(reference.folder())) {
            assertThatThrownBy(() -> new TaskAttribution()
                            .run(
                                    IdContexts.of(postNorm),
                                    new Parameters("ioi", Against.FOIL, 4, Split.TRAIN),
                                    Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("does not apply");
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        run("ioi", Against.VOCABULARY, 4);
        int before = model.ownedResources();

        run("ioi", Against.VOCABULARY, 4);

        assertThat(model.ownedResources()).isEqualTo(before);
    }

    private static Findings run(String task, Against against, int count) {
        return new TaskAttribution()
                .run(IdContexts.of(model), new Parameters(task, against, count, Split.TRAIN), Progress.none());
    }

    private static Grid grid(Findings found, int panel) {
        return ((HeadGrid) found.panels().get(panel)).grid();
    }

    private static double part(Table table, String name) {
        return table.rows().stream()
                .filter(row -> row.get(0).equals(name))
                .mapToDouble(row -> (double) row.get(1))
                .findFirst()
                .orElseThrow();
    }
}
