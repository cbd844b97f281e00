package org.headscope.hooks.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.headscope.hooks.HeadscopeException;

/** Counts, during one run, what acted how often and how strongly. */
public final class ReceiptBook {
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private static final class Entry {
        private final String site;
        private int fired;
        private double change;

        private Entry(String site) {
            this.site = site;
        }
    }

    /**
     * Opens an account that must have fired when the run ends. Edits of one label at one site share it: they say the same,
     * so they act together or not at all.
     *
     * @param label what will act
     * @param site where
     * @throws HeadscopeException when the label is taken at another site: one receipt could not tell whether both acted
     */
    public void expect(String label, String site) {
        Entry entry = entries.computeIfAbsent(label, key -> new Entry(site));
        if (!entry.site.equals(site)) {
            throw new HeadscopeException("Two edits of this run are called '" + label + "', one at " + entry.site
                    + " and one at " + site + ", so one receipt could not tell whether both acted. Give each its own"
                    + " label.");
        }
    }

    /**
     * Books one action.
     *
     * @param label what acted
     * @param change largest absolute change
     */
    public void fired(String label, double change) {
        Entry entry = entries.computeIfAbsent(label, key -> new Entry(""));
        entry.fired++;
        entry.change = Math.max(entry.change, change);
    }

    /**
     * Books one action by comparing before and after.
     *
     * @param label what acted
     * @param before the activation before
     * @param after the activation after; the same object means nothing changed
     */
    public void fired(String label, NDArray before, NDArray after) {
        fired(label, before == after ? 0 : largestChange(before, after));
    }

    /**
     * Closes the book.
     *
     * @return one receipt per label
     * @throws NeverFiredException when something never acted
     */
    public List<Receipt> close() {
        String silent = entries.entrySet().stream()
                .filter(e -> e.getValue().fired == 0)
                .map(e -> e.getKey() + " at " + e.getValue().site)
                .collect(Collectors.joining("; "));
        if (!silent.isEmpty()) {
            throw new NeverFiredException("These never fired, so the result would not show what was asked for: "
                    + silent + ". Check that the site is computed in this run and that the positions exist.");
        }
        List<Receipt> receipts = new ArrayList<>();
        entries.forEach((label, e) -> receipts.add(new Receipt(label, e.site, e.fired, e.change)));
        return receipts;
    }

    private static double largestChange(NDArray before, NDArray after) {
        try (NDArray difference = after.sub(before);
                NDArray size = difference.abs();
                NDArray largest = size.max();
                NDArray number = largest.toType(DataType.FLOAT32, false)) {
            return number.getFloat();
        }
    }
}
