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
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
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

    /** What the model tells by itself, greedily: a natural text of 64 tokens that needs no file. */
    private static int[] told;

    @BeforeAll
    static void open() {
        Assumptions.assumeTrue(Files.exists(FOLDER), "reference data 'models/stories260K' is absent");
        model = ModelLoader.load(FOLDER);
        story = new int[] {BOS, 403, 407, 261, 378, 432, 383, 286};
        told = continued(story, 64);
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
    void noHeadIsASinkInWhatItTells() {
        Findings found = run(
                new AttentionSinks(),
                Map.of("text", prompt(told).line(), "length", "64", "sequences", "1", "bos", "no"));

        assertThat(max(grid(found, "Sink score, natural text"))).isLessThan(0.3);
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
            assertThat(mean).as("row %d", layer).isLessThan(last);
            last = mean;
        }
        assertThat(last).isCloseTo(0, within(1e-5));
    }

    @Test
    void zeroAndUniformAblationRankItsHeadsDifferently() {
        double[] zero = ablated("zero");
        double[] uniform = ablated("uniform");

        assertThat(correlation(zero, uniform)).isBetween(0.4, 0.9);
    }

    private static int[] continued(int[] start, int length) {
        int[] ids = Arrays.copyOf(start, length);
        for (int n = start.length; n < length; n++) {
            TokenBatch so = TokenBatch.of(new int[][] {Arrays.copyOf(ids, n)});
            ids[n] = 0;
            try (RunResult run = model.run(RunRequest.of(so).lastLogits().build())) {
                float[] logits = run.logits().toFloatArray();
                for (int id = 0; id < logits.length; id++) {
                    ids[n] = logits[id] > logits[ids[n]] ? id : ids[n];
                }
            }
        }
        return ids;
    }

    private static double[] ablated(String mode) {
        return grid(run(new HeadAblation(), Map.of("prompt", prompt(told).line(), "mode", mode)), "Ablation effect")
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
        return Arrays.stream(grid.toArray()).max().orElseThrow();
    }
}
