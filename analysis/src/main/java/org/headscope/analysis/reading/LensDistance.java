package org.headscope.analysis.reading;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.SampleSummary;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.train.StreamTranslator;

/**
 * How far a lens is from what the model says, for every residual stream.
 *
 * @param bits {@code KL(model || lens)} in bits: mean over the tokens of a text, then over texts, with interval
 * @param agreement share of tokens at which the likeliest token is the model's
 */
record LensDistance(List<SampleSummary> bits, List<Double> agreement) {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;
    private static final int MOST_LOGITS = 1 << 21;

    /** Measures the logit lens, or with translators the tuned lens. */
    static LensDistance of(
            HookedTransformer model,
            StreamData data,
            List<StreamTranslator> translators,
            long seed,
            Progress progress) {
        List<Tally> tallies = new ArrayList<>();
        for (int row = 0; row < data.rows(); row++) {
            tallies.add(new Tally());
        }
        int vocab = model.config().dims().vocab();
        int step = Math.max(1, MOST_LOGITS / vocab);
        for (int from = 0; from < data.size(); from += step) {
            progress.checkCancelled();
            new Reading(model, data, translators, from, Math.min(data.size(), from + step)).into(tallies);
        }
        Bootstrap bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        return new LensDistance(
                tallies.stream().map(tally -> tally.bits(bootstrap)).toList(),
                tallies.stream().map(Tally::agreement).toList());
    }

    private record Reading(
            HookedTransformer model, StreamData data, List<StreamTranslator> translators, int from, int to) {
        void into(List<Tally> tallies) {
            double[][] said = logs(data.rows() - 1);
            for (int row = 0; row < data.rows(); row++) {
                double[][] read = row == data.rows() - 1 ? said : logs(row);
                for (int i = 0; i < read.length; i++) {
                    tallies.get(row).add(data.text(from + i), said[i], read[i]);
                }
            }
        }

        private double[][] logs(int row) {
            int vocab = model.config().dims().vocab();
            try (NDManager temporary = data.newManager()) {
                NDArray stream = data.stream(row, from, to, temporary);
                NDArray read = row < translators.size() ? translators.get(row).apply(stream) : stream;
                float[] logits = model.forward()
                        .unembed(read, 0, model.forward().scope(temporary, SiteBus.NONE, null))
                        .toFloatArray();
                double[][] logs = new double[to - from][];
                Arrays.setAll(logs, i -> LogProbabilities.row(logits, i, vocab));
                return logs;
            }
        }
    }

    private static final class Tally {
        private final Map<Integer, List<Double>> byText = new TreeMap<>();
        private int agreed;
        private int tokens;

        void add(int text, double[] said, double[] read) {
            byText.computeIfAbsent(text, key -> new ArrayList<>())
                    .add(LogProbabilities.divergence(said, read) / Math.log(2));
            agreed += LensGrids.likeliest(said) == LensGrids.likeliest(read) ? 1 : 0;
            tokens++;
        }

        SampleSummary bits(Bootstrap bootstrap) {
            double[] means = byText.values().stream()
                    .mapToDouble(text -> text.stream()
                            .mapToDouble(Double::doubleValue)
                            .average()
                            .orElseThrow())
                    .toArray();
            return SampleSummary.of(means, bootstrap);
        }

        double agreement() {
            return (double) agreed / tokens;
        }
    }
}
