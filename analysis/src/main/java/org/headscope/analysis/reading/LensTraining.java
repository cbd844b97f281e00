package org.headscope.analysis.reading;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.train.StreamTranslator;

/** Trains one translator for every residual stream but the last. Close it to free them. */
final class LensTraining implements AutoCloseable {
    private final HookedTransformer model;
    private final List<StreamTranslator> translators = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();

    /**
     * How to train.
     *
     * @param steps optimizer steps
     * @param batch tokens per step
     * @param rate learning rate of the first step; it falls to zero in a straight line
     */
    record Schedule(int steps, int batch, double rate) {}

    LensTraining(HookedTransformer model) {
        this.model = model;
        for (int l = 0; l < model.config().dims().layers(); l++) {
            translators.add(new StreamTranslator(model));
        }
    }

    /** Makes all steps; every translator sees the same tokens. */
    void run(StreamData data, Schedule schedule, Progress progress) {
        int batch = Math.min(schedule.batch, data.size());
        int batches = data.size() / batch;
        for (int step = 0; step < schedule.steps; step++) {
            int from = step % batches * batch;
            double rate = schedule.rate * (schedule.steps - step) / schedule.steps;
            losses.add(step(data, from, from + batch, rate, progress) / translators.size());
            progress.report(step + 1L, schedule.steps, "training the lens");
        }
    }

    private double step(StreamData data, int from, int to, double rate, Progress progress) {
        double sum = 0;
        try (NDManager temporary = data.newManager()) {
            NDArray end = data.stream(translators.size(), from, to, temporary);
            NDArray logits = model.forward().unembed(end, 0, model.forward().scope(temporary, SiteBus.NONE, null));
            StreamTranslator.Said said = StreamTranslator.Said.of(logits);
            for (int row = 0; row < translators.size(); row++) {
                progress.checkCancelled();
                sum += translators.get(row).learn(data.stream(row, from, to, temporary), said, rate);
            }
        }
        return sum;
    }

    /** One per block. */
    List<StreamTranslator> translators() {
        return translators;
    }

    /** Mean divergence over all translators before every step, in nats. */
    List<Double> losses() {
        return losses;
    }

    @Override
    public void close() {
        translators.forEach(StreamTranslator::close);
    }
}
