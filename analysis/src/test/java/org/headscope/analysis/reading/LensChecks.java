package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.LayerPositionGrid;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Runs the lens over token ids and compares what it found with numbers from elsewhere. */
final class LensChecks {
    private LensChecks() {}

    /** Without an answer the model's own prediction is looked for. */
    static Findings run(HookedTransformer model, int[] ids, List<Integer> answer, List<Intervention> standing) {
        return run(model, ids, answer, standing, true);
    }

    static Findings run(
            HookedTransformer model, int[] ids, List<Integer> answer, List<Intervention> standing, boolean norm) {
        var token = answer.isEmpty() ? null : IdContexts.prompt(answer.get(0));
        return new LogitLens()
                .run(
                        IdContexts.of(model, standing, SweepJournal.none()),
                        new LogitLens.Parameters(IdContexts.prompt(ids), token, norm),
                        Progress.none());
    }

    static LayerPositionGrid panel(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .map(LayerPositionGrid.class::cast)
                .findFirst()
                .orElseThrow();
    }

    static double[] column(Findings found, String title, int position) {
        var grid = panel(found, title).grid();
        return IntStream.range(0, grid.shape()[0])
                .mapToDouble(row -> grid.at(row, position))
                .toArray();
    }

    /** The last row of findings without an answer against a plain run: {@code answer} is the likeliest token there. */
    static void assertThatTheLastRowIsTheModels(
            Findings found, HookedTransformer model, int[] ids, List<Intervention> standing) {
        double[][] said = said(model, ids, standing);
        int last = model.config().dims().layers();
        for (int p = 0; p < ids.length; p++) {
            double most = Arrays.stream(said[p]).max().orElseThrow();
            assertCell(found, last, p, new Expected(said[p], said[p], likeliest(said[p])), 1e-5);
            assertThat(panel(found, LogitLens.PROBABILITY).grid().at(last, p)).isCloseTo(most, within(1e-5));
            assertThat(panel(found, LogitLens.RANK).grid().at(last, p)).isEqualTo(1);
        }
    }

    /** Every row against the streams of a plain run, taken through norm and unembedding by hand. */
    static void assertThatRowsAreByHand(HookedTransformer model, int[] ids, List<Intervention> standing, boolean norm) {
        int answer = 7;
        Findings found = run(model, ids, List.of(answer), standing, norm);
        double[][] said = said(model, ids, standing);
        LensOracle oracle = LensOracle.of(model, norm);
        int layers = model.config().dims().layers();
        int width = model.config().dims().dModel();
        for (int row = 0; row <= layers; row++) {
            double[] streams = stream(model, ids, standing, row);
            for (int p = 0; p < ids.length; p++) {
                double[] read = oracle.probabilities(Arrays.copyOfRange(streams, p * width, (p + 1) * width));
                assertCell(found, row, p, new Expected(read, said[p], answer), 1e-5);
            }
        }
    }

    /** Probabilities of lens and model, {@code [vocab]}, and the token that is looked for. */
    record Expected(double[] read, double[] said, int answer) {}

    static void assertCell(Findings found, int row, int position, Expected expected, double tolerance) {
        double[] read = expected.read();
        double entropy = -Arrays.stream(read).map(p -> p * Math.log(p)).sum();
        double most = Arrays.stream(read).max().orElseThrow();
        double divergence = IntStream.range(0, read.length)
                .mapToDouble(i -> expected.said()[i] * Math.log(expected.said()[i] / read[i]))
                .sum();
        assertThat(new double[] {
                    at(found, LogitLens.PROBABILITY, row, position),
                    at(found, LogitLens.LIKELIEST, row, position),
                    at(found, LogitLens.ENTROPY, row, position) / 10,
                    at(found, LogitLens.DIVERGENCE, row, position) / 10
                })
                .as("row %d position %d", row, position)
                .containsExactly(
                        new double[] {read[expected.answer()], most, entropy / 10, divergence / 10}, within(tolerance));
        assertOrder(found, row, position, expected, tolerance);
    }

    /** Rank and label; where rounding could change the order, every order that it allows is right. */
    private static void assertOrder(Findings found, int row, int position, Expected expected, double tolerance) {
        double[] read = expected.read();
        double sought = read[expected.answer()];
        long above = Arrays.stream(read).filter(p -> p > sought + tolerance).count();
        long notBelow = Arrays.stream(read).filter(p -> p >= sought - tolerance).count();
        assertThat(at(found, LogitLens.RANK, row, position))
                .as("row %d position %d", row, position)
                .isBetween(1.0 + above, (double) notBelow);
        LayerPositionGrid labelled = panel(found, LogitLens.PROBABILITY);
        String label = labelled.cellLabels().get(row * labelled.grid().shape()[1] + position);
        assertThat(read[Integer.parseInt(label.substring(1))])
                .as("row %d position %d", row, position)
                .isCloseTo(Arrays.stream(read).max().orElseThrow(), within(tolerance));
    }

    private static double at(Findings found, String title, int row, int position) {
        return panel(found, title).grid().at(row, position);
    }

    private static int likeliest(double[] values) {
        return IntStream.range(0, values.length)
                .reduce((a, b) -> values[b] > values[a] ? b : a)
                .orElseThrow();
    }

    /** What the model says at every position under standing interventions: {@code [pos][vocab]}. */
    static double[][] said(HookedTransformer model, int[] ids, List<Intervention> standing) {
        try (RunResult run = plain(model, ids, standing)) {
            double[] logits = LensOracle.widened(run.logits().toFloatArray());
            int vocab = logits.length / ids.length;
            return IntStream.range(0, ids.length)
                    .mapToObj(p -> LensOracle.softmax(Arrays.copyOfRange(logits, p * vocab, (p + 1) * vocab)))
                    .toArray(double[][]::new);
        }
    }

    private static double[] stream(HookedTransformer model, int[] ids, List<Intervention> standing, int row) {
        int layers = model.config().dims().layers();
        HookSite site =
                row < layers ? HookSite.of(SiteKind.RESID_PRE, row) : HookSite.of(SiteKind.RESID_POST, layers - 1);
        try (RunResult run = plain(model, ids, standing, site)) {
            return LensOracle.widened(run.cache().get(site).toFloatArray());
        }
    }

    private static RunResult plain(
            HookedTransformer model, int[] ids, List<Intervention> standing, HookSite... captured) {
        return model.run(RunRequest.of(TokenBatch.of(new int[][] {ids}))
                .edits(new Interventions(model.config()).compile(standing))
                .capture(captured)
                .build());
    }
}
