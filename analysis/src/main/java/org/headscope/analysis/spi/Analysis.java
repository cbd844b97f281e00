package org.headscope.analysis.spi;

import org.headscope.analysis.result.Findings;

/**
 * One method of interpretability: what it is, what it needs to know, and how to compute it. An implementation is one class,
 * announced with {@code @AutoService(Analysis.class)}; it holds no state.
 *
 * @param <P> parameters, a record whose components carry {@link Param}
 * @param <F> what it finds
 */
public interface Analysis<P extends Record, F extends Findings> {
    /** {@return id, name, source and honesty about it} */
    AnalysisInfo info();

    /** {@return the parameter record} */
    Class<P> parameters();

    /**
     * Tells whether it finds at least one number for every head, so that heads can be ranked by it.
     *
     * @return whether every run has a {@link org.headscope.analysis.result.HeadGrid}
     */
    default boolean scoresHeads() {
        return false;
    }

    /**
     * Estimates the work before it is done, in plain forward passes of one prompt, after what batching and resuming save.
     *
     * @param context the model and what holds around the run
     * @param parameters checked parameters
     * @return forward passes' worth of work; NaN when only {@link AnalysisInfo#cost()} can say it
     */
    default double forwards(AnalysisContext context, P parameters) {
        return Double.NaN;
    }

    /**
     * Computes.
     *
     * @param context the model and what holds around the run
     * @param parameters checked parameters
     * @param progress is told how far it is, may ask to stop
     * @return what was found
     * @throws CancelledException when asked to stop
     * @throws org.headscope.hooks.HeadscopeException when parameters do not fit the model
     */
    F run(AnalysisContext context, P parameters, Progress progress);
}
