package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.Panels;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the pages of methods say about sinks and heads of the shipped model. */
@Tag("engine")
class BundledSinksTest {
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

    /** In layer 0 the angle makes the sink, against a smaller norm; in layer 3 the norm does. */
    @Test
    void sinksOfTheFirstLayerComeFromTheAngleAndThoseOfTheFourthFromTheNorm() {
        Table strongest = Panels.table(
                new SinkAnatomy().run(context(), new SinkAnatomy.Parameters(null, 20, 64, 0, true), Progress.none()),
                SinkAnatomy.STRONGEST);

        List<Object> first = row(strongest, "0.4");
        assertThat((double) first.get(2) - (double) first.get(3))
                .as("angle of 0.4")
                .isGreaterThan(0.5);
        assertThat((double) first.get(4)).as("norms of 0.4").isLessThan(0.7 * (double) first.get(5));
        List<Object> fourth = row(strongest, "3.6");
        assertThat((double) fourth.get(2) - (double) fourth.get(3))
                .as("angle of 3.6")
                .isLessThan(0.1);
        assertThat((double) fourth.get(4)).as("norms of 3.6").isGreaterThan(1.4 * (double) fourth.get(5));
    }

    @Test
    void hasNoMassiveActivationsAndNoMlpThatStandsOut() {
        Findings massive = new MassiveActivations()
                .run(context(), new MassiveActivations.Parameters(null, 5, 128, true, 100, 1000), Progress.none());
        assertThat(Panels.table(massive, MassiveActivations.MASSIVE).rows()).isEmpty();
        assertThat(Panels.table(massive, MassiveActivations.LARGEST).rows())
                .allSatisfy(row -> assertThat((double) row.get(6)).isLessThan(50));
    }

    /** The detector always has a candidate; here it is hardly larger than other tokens, and nothing is secondary to it. */
    @Test
    void hasNoSecondarySinks() {
        Findings found = new SecondarySinks()
                .run(context(), new SecondarySinks.Parameters(null, 10, 256, true, 2, 0.9, 0.75, 0.1), Progress.none());

        assertThat(Panels.table(found, SinkReport.SINKS).rows())
                .noneSatisfy(row -> assertThat(row.get(3)).isEqualTo("secondary"))
                .allSatisfy(row -> assertThat((double) row.get(6)).isLessThan(2));
    }

    /** On stories the sink heads of layer 0 are not those that the loss needs. */
    @Test
    void onStoriesTheLossNeedsTwoHeadsOfTheFirstLayer() {
        Findings found =
                new HeadProfile().run(context(), new HeadProfile.Parameters(null, 8, 64, true), Progress.none());

        double[] zero = Panels.grid(found, "Zero ablation");
        assertThat(zero[2]).as("0.2").isGreaterThan(0.3);
        assertThat(zero[3]).as("0.3").isGreaterThan(0.2);
        assertThat(Arrays.stream(zero).filter(effect -> effect > 0.15)).hasSize(2);
        assertThat(Panels.grid(found, "Previous-token score")[12]).isGreaterThan(0.99);
    }

    private static List<Object> row(Table table, String head) {
        return table.rows().stream()
                .filter(row -> row.get(0).equals(head))
                .findFirst()
                .orElseThrow();
    }

    private static AnalysisContext context() {
        return new AnalysisContext(model, new SessionPrompts(Session.of(model)), List.of(), 0, SweepJournal.none());
    }
}
