package org.headscope.analysis.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCancelledException;
import org.headscope.hooks.sweep.SweepCell;
import org.headscope.hooks.sweep.SweepEngine;
import org.headscope.hooks.sweep.SweepListener;
import org.headscope.hooks.sweep.SweepMetric;
import org.headscope.hooks.sweep.SweepResult;

/**
 * A sweep as an analysis runs it: cells that an earlier attempt finished are taken from the journal, new ones are stored
 * as they come, a listener sees the values so far, and a request to stop is honoured between layers with nothing lost.
 */
public final class ResumableSweep {
    /* Logits of the whole vocabulary for this many numbers at once: about 100 MB. */
    private static final long LOGITS_AT_ONCE = 24_000_000;

    private final SweepJournal journal;
    private final Progress progress;
    private final String name;
    private final Consumer<double[]> partial;

    /**
     * Prepares a sweep.
     *
     * @param context has the journal
     * @param progress is told of finished cells and may ask to stop
     * @param name name of the sweep within its run
     * @param partial gets the values so far now and then, NaN where not computed yet; must not keep the array
     */
    public ResumableSweep(AnalysisContext context, Progress progress, String name, Consumer<double[]> partial) {
        this.journal = context.journal();
        this.progress = progress;
        this.name = name;
        this.partial = partial;
    }

    /**
     * What a sweep gives.
     *
     * @param base the metric of the base run
     * @param values the metric of every cell, {@code [cell]}
     * @param receipts of the cells computed now
     */
    public record Outcome(double base, double[] values, SweepReceipts receipts) {}

    /**
     * Runs all cells that are not stored yet.
     *
     * @param base the run to start from
     * @param cells what to do
     * @param metric what to measure
     * @return all values
     * @throws CancelledException when asked to stop; finished cells are in the journal
     */
    public Outcome run(BaseRun base, List<SweepCell> cells, SweepMetric metric) {
        double[] values = restored(cells.size());
        int[] open = IntStream.range(0, values.length)
                .filter(i -> Double.isNaN(values[i]))
                .toArray();
        var receipts = new SweepReceipts(values.length - open.length);
        var recorder = new Recorder(values, open, receipts);
        List<SweepCell> todo = Arrays.stream(open).mapToObj(cells::get).toList();
        try {
            SweepResult result = engine(base, metric).run(base, todo, metric, recorder);
            return new Outcome(result.base(), values, receipts);
        } catch (SweepCancelledException e) {
            CancelledException cancelled = new CancelledException();
            cancelled.initCause(e);
            throw cancelled;
        } finally {
            recorder.store();
        }
    }

    private static SweepEngine engine(BaseRun base, SweepMetric metric) {
        if (metric.tokens() != null) {
            return new SweepEngine();
        }
        long rows = LOGITS_AT_ONCE / base.model().config().dims().vocab();
        return new SweepEngine((int) Math.max(1, Math.min(SweepEngine.DEFAULT_ROWS, rows)));
    }

    private double[] restored(int cells) {
        double[] values = new double[cells];
        Arrays.fill(values, Double.NaN);
        for (SweepJournal.Batch batch : journal.stored(name)) {
            for (int i = 0; i < batch.values().size() && batch.firstCell() + i < cells; i++) {
                values[batch.firstCell() + i] = batch.values().get(i);
            }
        }
        return values;
    }

    /** Notes finished cells, and several times a second stores and shows them. */
    private final class Recorder implements SweepListener {
        private static final long SHOW_EVERY_NANOS = 150_000_000L;

        private final double[] values;
        private final int[] open;
        private final SweepReceipts receipts;
        private final boolean[] unstored;
        private int done;
        private long shown;

        private Recorder(double[] values, int[] open, SweepReceipts receipts) {
            this.values = values;
            this.open = open;
            this.receipts = receipts;
            this.unstored = new boolean[values.length];
            this.done = values.length - open.length;
        }

        @Override
        public void done(int cell, double value, List<org.headscope.hooks.run.Receipt> cellReceipts) {
            int index = open[cell];
            values[index] = value;
            unstored[index] = Double.isFinite(value);
            receipts.add(cellReceipts);
            done++;
            progress.report(done, values.length, name);
            long now = System.nanoTime();
            if (shown == 0 || now - shown > SHOW_EVERY_NANOS || done == values.length) {
                shown = now;
                store();
                partial.accept(values);
            }
        }

        @Override
        public boolean cancelled() {
            return progress.isCancelled();
        }

        /** The journal takes runs of neighbouring cells; the engine finishes cells in its own order. */
        private void store() {
            for (int from = 0; from < unstored.length; from++) {
                int to = from;
                while (to < unstored.length && unstored[to]) {
                    unstored[to++] = false;
                }
                if (to > from) {
                    List<Double> run = Arrays.stream(values, from, to).boxed().toList();
                    journal.store(name, new SweepJournal.Batch(from, run));
                    from = to;
                }
            }
        }
    }
}
