package org.headscope.analysis.spi;

import org.headscope.analysis.result.Panel;

/**
 * How an analysis tells how far it is, hands on what it has so far, and learns that it should stop. An analysis calls it
 * at least once per batch of cells, from the thread it runs on.
 */
public interface Progress {
    /**
     * Tells how far the run is.
     *
     * @param done units finished so far
     * @param total units in all, or 0 when not known
     * @param message what is being done, for people
     */
    void report(long done, long total, String message);

    /** {@return whether the run should stop} */
    boolean isCancelled();

    /**
     * Hands on a panel that is not complete: cells not computed yet are NaN. A later panel of the same title replaces it.
     *
     * @param panel what is known so far
     */
    void partial(Panel panel);

    /**
     * Stops here when asked to.
     *
     * @throws CancelledException when the run should stop
     */
    default void checkCancelled() {
        if (isCancelled()) {
            throw new CancelledException();
        }
    }

    /** {@return one that tells nobody and never stops} */
    static Progress none() {
        return new Progress() {
            @Override
            public void report(long done, long total, String message) {}

            @Override
            public boolean isCancelled() {
                return false;
            }

            @Override
            public void partial(Panel panel) {}
        };
    }
}
