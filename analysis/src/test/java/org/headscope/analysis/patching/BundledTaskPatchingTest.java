package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.Split;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where the shipped model keeps a fact, on average over many examples. */
@Tag("engine")
class BundledTaskPatchingTest {
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
    void aCapitalMovesFromItsCountryToTheLastPosition() {
        Findings found = run(PatchSite.RESID_PRE, 60);
        Grid mean = mean(found).grid();
        List<String> labels = mean.axes().get(1).labels();
        int country = IntStream.range(0, labels.size())
                .filter(p -> labels.get(p).endsWith("(changed)"))
                .findFirst()
                .orElseThrow();

        assertThat(mean.at(0, country)).as("the country, before any block").isGreaterThan(0.95);
        for (int layer = 1; layer < 6; layer++) {
            assertThat(mean.at(layer, labels.size() - 1))
                    .as("the last position, layer %d", layer)
                    .isGreaterThan(0.8);
        }
    }

    @Test
    void intervalsHoldTheMeanAndShrinkWithTheNumberOfExamples() {
        GridPanel few = mean(run(PatchSite.HEAD_Z, 10));
        GridPanel many = mean(run(PatchSite.HEAD_Z, 90));

        for (GridPanel panel : List.of(few, many)) {
            Interval interval = Objects.requireNonNull(panel.interval());
            for (int cell = 0; cell < panel.grid().size(); cell++) {
                assertThat(panel.grid().valueAt(cell))
                        .isBetween(
                                interval.lower().valueAt(cell) - 1e-12,
                                interval.upper().valueAt(cell) + 1e-12);
            }
        }
        assertThat(width(many)).isLessThan(0.6 * width(few)).isPositive();
    }

    private static Findings run(PatchSite site, int count) {
        var context =
                new AnalysisContext(model, new SessionPrompts(Session.of(model)), List.of(), 0, SweepJournal.none());
        var parameters = new TaskPatching.Parameters("capital", site, Mode.DENOISE, count, Split.TRAIN, 0.5);
        Findings found = new TaskPatching().run(context, parameters, Progress.none());
        assertThat(((Table) found.panels().get(2)).rows()).hasSize(1);
        return found;
    }

    private static GridPanel mean(Findings found) {
        return (GridPanel) found.panels().get(0);
    }

    /** Mean width of the intervals of all cells. */
    private static double width(GridPanel panel) {
        Interval interval = Objects.requireNonNull(panel.interval());
        return IntStream.range(0, panel.grid().size())
                .mapToDouble(cell ->
                        interval.upper().valueAt(cell) - interval.lower().valueAt(cell))
                .average()
                .orElseThrow();
    }
}
