package org.headscope.analysis.sweep;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.result.ReceiptSummary;

/** Receipts of many runs that did the same, added up. */
public final class ReceiptSums {
    private final Map<String, ReceiptSummary> sums = new LinkedHashMap<>();

    /**
     * Adds receipts; those of one label at one site become one.
     *
     * @param some of one run
     */
    public void add(Collection<ReceiptSummary> some) {
        some.forEach(one -> sums.merge(one.site() + " " + one.label(), one, ReceiptSums::together));
    }

    /** {@return one receipt per label and site, in the order they came} */
    public List<ReceiptSummary> all() {
        return List.copyOf(sums.values());
    }

    private static ReceiptSummary together(ReceiptSummary one, ReceiptSummary other) {
        return new ReceiptSummary(
                one.label(),
                one.site(),
                one.fired() + other.fired(),
                Math.max(one.changeMaxAbs(), other.changeMaxAbs()),
                "all runs together");
    }
}
