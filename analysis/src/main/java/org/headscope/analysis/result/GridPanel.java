package org.headscope.analysis.result;

import org.jspecify.annotations.Nullable;

/** A panel that is one {@link Grid} of one {@link Quantity}. */
public sealed interface GridPanel extends Panel
        permits HeadGrid, HeadPositionGrid, HeadPairGrid, LayerPositionGrid, AttentionMap, TokenSeries {
    /** {@return what the numbers are} */
    Quantity quantity();

    /** {@return the numbers} */
    Grid grid();

    /** {@return how sure the numbers are, over the same axes, or null when that was not measured} */
    @Nullable
    Interval interval();
}
