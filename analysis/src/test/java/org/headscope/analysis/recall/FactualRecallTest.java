package org.headscope.analysis.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.headscope.analysis.patching.PathPatching.Mlps;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.StandIn;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a model with random weights against whole runs by hand, and on the shipped model. */
@Tag("engine")
class FactualRecallTest {
    private static final Path FOLDER = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
    private static final long SEED = 3;
    private static final int COUNT = 16;
    private static final double LEAST = 1;

    @TempDir
    static Path folder;

    private static HookedTransformer random;
    private static HookedTransformer shipped;

    @BeforeAll
    static void load() {
        random = ModelLoader.load(StandIn.random(folder));
        shipped = ModelLoader.load(FOLDER);
    }

    @AfterAll
    static void close() {
        random.close();
        shipped.close();
    }

    @Test
    void effectsAreThoseOfWholeRunsWithFrozenHeadsAveragedOverExamples() {
        AnalysisContext context = PathOracle.context(random, SEED);
        Findings found = new FactualRecall().run(context, parameters("capital", Mlps.RECOMPUTED), Progress.none());
        Grid effects = grid(found, FactualRecall.EFFECT);
        List<List<Object>> mlps = table(found, FactualRecall.MLPS).rows();
        Dims dims = random.config().dims();
        double[][] heads = new double[dims.layers()][dims.heads()];
        double[] ofMlps = new double[dims.layers()];
        int used = byHand(heads, ofMlps);

        assertThat(table(found, FactualRecall.EXAMPLES).rows().get(0).get(5)).isEqualTo((long) used);
        assertThat(used).isBetween(3, COUNT - 1);
        for (int l = 0; l < dims.layers(); l++) {
            assertThat((double) mlps.get(l).get(1)).as("mlp %d", l).isCloseTo(ofMlps[l] / used, within(2e-4));
            for (int h = 0; h < dims.heads(); h++) {
                assertThat(effects.at(l, h)).as("%d.%d", l, h).isCloseTo(heads[l][h] / used, within(2e-4));
            }
        }
    }

    /** Sums over the examples whose metric is large enough, which are counted. */
    private static int byHand(double[][] heads, double[] mlps) {
        List<EncodedExample> drawn = TaskEncoder.of(
                        random, PathOracle.context(random, SEED).prompts().bos())
                .draw(TaskRegistry.require("capital"), Split.TRAIN, COUNT, SEED);
        PathOracle oracle = new PathOracle(random);
        int used = 0;
        for (EncodedExample example : drawn) {
            int answer = example.answers()[0];
            double metric = oracle.metric(example.clean(), answer);
            if (metric >= LEAST) {
                used++;
                List<int[]> others = others(example, drawn);
                for (int l = 0; l < heads.length; l++) {
                    mlps[l] += (oracle.withMlp(example.clean(), others, l, answer) - metric) / metric;
                    for (int h = 0; h < heads[l].length; h++) {
                        heads[l][h] += (oracle.withHead(example.clean(), others, l, h, answer) - metric) / metric;
                    }
                }
            }
        }
        return used;
    }

    /** Corrupt prompts in the same words, told from the text of the role, that ask for something else. */
    private static List<int[]> others(EncodedExample example, List<EncodedExample> drawn) {
        List<int[]> others = new ArrayList<>();
        for (EncodedExample other : drawn) {
            if (form(other).equals(form(example)) && other.corruptAnswers()[0] != example.answers()[0]) {
                others.add(other.corrupt());
            }
        }
        return others;
    }

    private static String form(EncodedExample example) {
        String role = example.example().role();
        return role.substring(role.lastIndexOf(' '));
    }

    @Test
    void inTheShippedModelOneHeadOfLayer0FetchesTheCountryAndTheFirstMlpMakesTheCapital() {
        Findings found = new FactualRecall()
                .run(PathOracle.context(shipped, 0), parameters("capital", Mlps.RECOMPUTED), Progress.none());
        GridPanel effects = (GridPanel) panel(found, FactualRecall.EFFECT);
        List<List<Object>> mlps = table(found, FactualRecall.MLPS).rows();

        assertThat(table(found, FactualRecall.STRONGEST).rows().get(0).get(0)).isEqualTo("0.4");
        assertThat(effects.grid().at(0, 4)).isLessThan(-0.3);
        assertThat(Objects.requireNonNull(effects.interval()).upper().at(0, 4)).isNegative();
        assertThat(grid(found, FactualRecall.ATTENTION).at(0, 4)).isGreaterThan(0.5);
        for (int l = 1; l < mlps.size(); l++) {
            assertThat((double) mlps.get(0).get(1))
                    .isLessThan((double) mlps.get(l).get(1));
        }
    }

    @Test
    void withFrozenMlpsTheFirstLayerSaysLittleOfTheLanguageItself() {
        Findings moving = new FactualRecall()
                .run(PathOracle.context(shipped, 0), parameters("language", Mlps.RECOMPUTED), Progress.none());
        Findings frozen = new FactualRecall()
                .run(PathOracle.context(shipped, 0), parameters("language", Mlps.FROZEN), Progress.none());

        assertThat(grid(frozen, FactualRecall.EFFECT).at(0, 4))
                .isGreaterThan(grid(moving, FactualRecall.EFFECT).at(0, 4) / 2);
    }

    @Test
    void whatTheModelDoesNotKnowIsRefused() {
        var parameters = new FactualRecall.Parameters("capital", 4, Split.TRAIN, Mlps.RECOMPUTED, 1e6);

        assertThatThrownBy(() -> new FactualRecall().run(PathOracle.context(random, SEED), parameters, Progress.none()))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("nothing to recall");
    }

    @Test
    void nativeMemoryIsGivenBack() {
        var parameters = new FactualRecall.Parameters("capital", 6, Split.TRAIN, Mlps.FROZEN, 1e-3);
        new FactualRecall().run(PathOracle.context(random, SEED), parameters, Progress.none());
        int before = random.ownedResources();

        new FactualRecall().run(PathOracle.context(random, SEED), parameters, Progress.none());

        assertThat(random.ownedResources()).isEqualTo(before);
    }

    private static FactualRecall.Parameters parameters(String task, Mlps mlps) {
        return new FactualRecall.Parameters(task, COUNT, Split.TRAIN, mlps, LEAST);
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
