package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;

/**
 * How much of the way from the corrupt to the clean logit difference a circuit makes, over a set of pairs:
 * {@code (m(C) - m(r)) / (m(c) - m(r))}, each a mean. Close it to free the corrupt runs.
 */
final class Faithfulness implements AutoCloseable {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    private final List<CircuitRuns> batches = new ArrayList<>();
    private final Progress progress;
    private final double[] corrupt;
    private final double[] clean;
    private final List<double[]> cleanLogProbabilities = new ArrayList<>();

    Faithfulness(AnalysisContext context, EdgeSpace space, ContrastSet set, Progress progress) {
        this.progress = progress;
        List<double[]> low = new ArrayList<>();
        List<double[]> high = new ArrayList<>();
        try {
            for (Contrast.Batch batch : set.batches()) {
                CircuitRuns runs = new CircuitRuns(context, space, batch);
                batches.add(runs);
                low.add(batch.differences(runs.corruptLogits()));
                float[] logits = runs.cleanLogits();
                high.add(batch.differences(logits));
                cleanLogProbabilities.add(logProbabilities(logits, batch.size()));
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
        this.corrupt = joined(low);
        this.clean = joined(high);
    }

    /** {@return the mean logit difference of the corrupt runs} */
    double corrupt() {
        return mean(corrupt);
    }

    /** {@return the mean logit difference of the clean runs} */
    double clean() {
        return mean(clean);
    }

    /** The logit difference of every pair when only the circuit is clean. */
    double[] differences(BitSet circuit) {
        List<double[]> parts = new ArrayList<>();
        for (CircuitRuns runs : batches) {
            progress.checkCancelled();
            parts.add(runs.batch().differences(runs.logits(circuit)));
        }
        return joined(parts);
    }

    /** Its share of the mean gap. */
    double of(BitSet circuit) {
        return share(differences(circuit));
    }

    double share(double[] differences) {
        return (mean(differences) - corrupt()) / (clean() - corrupt());
    }

    /** A bootstrap interval of the share over pairs, for a gap held fixed. */
    Bootstrap.Ends interval(double[] differences, long seed) {
        double[] shares = new double[differences.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (differences[i] - corrupt[i]) / (clean() - corrupt());
        }
        return new Bootstrap(DRAWS, LEVEL, seed).ofMean(shares);
    }

    /** Mean divergence of the next token with the circuit from that of the whole model, in nats: KL(model || circuit). */
    double divergence(BitSet circuit) {
        return measured(circuit).divergence();
    }

    /**
     * What one pass over all pairs tells.
     *
     * @param differences the logit difference of every pair
     * @param divergence as in {@link #divergence}
     */
    @SuppressWarnings("ArrayRecordComponent") // averaged, never compared
    record Measured(double[] differences, double divergence) {}

    /** Runs a circuit on every pair. */
    Measured measured(BitSet circuit) {
        double sum = 0;
        List<double[]> parts = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            progress.checkCancelled();
            CircuitRuns runs = batches.get(i);
            float[] logits = runs.logits(circuit);
            double[] now = logProbabilities(logits, runs.batch().size());
            double[] model = cleanLogProbabilities.get(i);
            for (int t = 0; t < now.length; t++) {
                sum += Math.exp(model[t]) * (model[t] - now[t]);
            }
            parts.add(runs.batch().differences(logits));
        }
        double[] differences = joined(parts);
        return new Measured(differences, sum / differences.length);
    }

    /** {@return what acted in all runs so far} */
    List<ReceiptSummary> receipts() {
        Map<String, ReceiptSummary> together = new LinkedHashMap<>();
        batches.stream()
                .flatMap(runs -> runs.receipts().stream())
                .forEach(one -> together.merge(one.site() + " " + one.label(), one, Faithfulness::sum));
        return List.copyOf(together.values());
    }

    private static ReceiptSummary sum(ReceiptSummary one, ReceiptSummary other) {
        return new ReceiptSummary(
                one.label(),
                one.site(),
                one.fired() + other.fired(),
                Math.max(one.changeMaxAbs(), other.changeMaxAbs()),
                one.effect());
    }

    private static double[] logProbabilities(float[] logits, int rows) {
        int vocab = logits.length / rows;
        double[] logged = new double[logits.length];
        for (int row = 0; row < rows; row++) {
            int from = row * vocab;
            double largest = Double.NEGATIVE_INFINITY;
            for (int t = from; t < from + vocab; t++) {
                largest = Math.max(largest, logits[t]);
            }
            double sum = 0;
            for (int t = from; t < from + vocab; t++) {
                sum += Math.exp(logits[t] - largest);
            }
            for (int t = from; t < from + vocab; t++) {
                logged[t] = logits[t] - largest - Math.log(sum);
            }
        }
        return logged;
    }

    private static double[] joined(List<double[]> parts) {
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private static double mean(double[] numbers) {
        return Arrays.stream(numbers).average().orElse(Double.NaN);
    }

    @Override
    public void close() {
        batches.forEach(CircuitRuns::close);
    }
}
