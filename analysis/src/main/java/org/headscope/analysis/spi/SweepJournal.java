package org.headscope.analysis.spi;

import java.util.List;

/**
 * Remembers finished batches of a sweep, so that a sweep that was interrupted goes on after its last stored batch. An
 * analysis asks for what is stored, skips those cells, and stores each further batch.
 */
public interface SweepJournal {
    /**
     * Cells that were computed together.
     *
     * @param firstCell index of the first cell in the order of the sweep
     * @param values one number per cell, {@code [cell]}
     */
    record Batch(int firstCell, List<Double> values) {
        /** Copies the values. */
        public Batch {
            values = List.copyOf(values);
        }
    }

    /**
     * Finds what an earlier attempt finished.
     *
     * @param sweep name of the sweep within the run; an analysis with several sweeps gives each its own
     * @return the stored batches in the order of their cells
     */
    List<Batch> stored(String sweep);

    /**
     * Stores a finished batch; it is safe on disk when this returns.
     *
     * @param sweep name of the sweep within the run
     * @param batch what was computed
     */
    void store(String sweep, Batch batch);

    /** {@return one that remembers nothing} */
    static SweepJournal none() {
        return new SweepJournal() {
            @Override
            public List<Batch> stored(String sweep) {
                return List.of();
            }

            @Override
            public void store(String sweep, Batch batch) {}
        };
    }
}
