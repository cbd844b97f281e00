package org.headscope.analysis.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.ablation.HeadAblation;
import org.headscope.analysis.detect.AttentionSinks;
import org.headscope.analysis.detect.HeadDetectors;
import org.headscope.analysis.reading.LogitLens;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real model that has learned to tell stories and nothing about copying: detectors must not find what is not there. */
@Tag("engine")
class StoriesFiguresTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("headscope.reference", ""), "models", "stories260K", "hf");
    private static final int BOS = 1;

    private static HookedTransformer model;
    private static int[] story;

    @BeforeAll
    static void open() {
        Assumptions.assumeTrue(Files.exists(FOLDER), "reference data 'models/stories260K' is absent");
        model = ModelLoader.load(FOLDER);
        story = new int[] {BOS, 403, 407, 261, 378, 432, 383, 286};
    }

    @AfterAll
    static void close() {
        if (model != null) {
            model.close();
        }
    }

    @Test
    void itHasPreviousTokenHeadsAndNoInductionHead() {
        Findings found = run(new HeadDetectors(), Map.of("bos", "1", "length", "25", "sequences", "10"));

        assertThat(max(grid(found, "Previous-token score"))).isGreaterThan(0.5);
        assertThat(max(grid(found, "Induction score"))).isLessThan(0.15);
    }

    @Test
    void noHeadIsASink() {
        Findings found = run(new AttentionSinks(), Map.of("bosId", "1", "sequences", "20", "bos", "yes"));

        assertThat(max(grid(found, "Sink score, random ids"))).isLessThan(0.3);
    }

    /** The repeat-token theorem: equal ids without anything in front have equal states, so each query attends evenly. */
    @Test
    void onOneIdRepeatedEveryHeadAttendsEvenly() {
        Findings found = run(new AttentionSinks(), Map.of("length", "64", "sequences", "5", "bos", "no"));

        Grid scores = grid(found, "Sink score, one id repeated");
        // Rotation still tells distances apart: scores vary by head, but none of them makes a sink.
        assertThat(max(scores)).isLessThan(0.3);
    }

    @Test
    void theLensComesCloserToTheModelBlockByBlock() {
        Grid divergence =
                grid(run(new LogitLens(), Map.of("prompt", prompt(story).line())), LogitLens.DIVERGENCE);

        double last = Double.POSITIVE_INFINITY;
        for (int layer = 0; layer <= 5; layer++) {
            double mean = 0;
            for (int p = 1; p < story.length; p++) {
                mean += divergence.at(layer, p) / (story.length - 1);
            }
            System.out.println("FIG lens " + mean);
            assertThat(mean).as("row %d", layer).isLessThan(last);
            last = mean;
        }
        assertThat(last).isCloseTo(0, within(1e-5));
    }

    @Test
    void zeroAndUniformAblationRankItsHeadsDifferently() {
        double[] zero = ablated("zero");
        double[] uniform = ablated("uniform");

        System.out.println("FIG corr " + correlation(zero, uniform));
        assertThat(correlation(zero, uniform)).isBetween(-0.2, 0.95);
    }

    private static double[] ablated(String mode) {
        return grid(run(new HeadAblation(), Map.of("prompt", prompt(story).line(), "mode", mode)), "Ablation effect")
                .toArray();
    }

    private static double correlation(double[] a, double[] b) {
        double ma = Arrays.stream(a).average().orElseThrow();
        double mb = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - ma) * (b[i] - mb);
            aa += (a[i] - ma) * (a[i] - ma);
            bb += (b[i] - mb) * (b[i] - mb);
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static <P extends Record, F extends Findings> Findings run(
            Analysis<P, F> analysis, Map<String, String> texts) {
        return analysis.run(
                IdContexts.of(model), ParameterBinder.of(analysis.parameters()).bind(texts), Progress.none());
    }

    private static Grid grid(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().startsWith(title))
                .map(panel -> ((GridPanel) panel).grid())
                .findFirst()
                .orElseThrow();
    }

    private static double max(Grid grid) {
        System.out.println("FIG " + Arrays.stream(grid.toArray()).max());
        return Arrays.stream(grid.toArray()).max().orElseThrow();
    }
}
