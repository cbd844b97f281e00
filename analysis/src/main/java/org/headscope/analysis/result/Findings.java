package org.headscope.analysis.result;

import java.util.List;

/**
 * What an analysis returns: its own typed record, able to say how it is to be shown. Everything around it (provenance,
 * timing) is added by whoever runs the analysis.
 */
public interface Findings {
    /** {@return what to show, in order; titles are unique} */
    List<Panel> panels();

    /** {@return proof that each edit took effect; empty for analyses that only read} */
    default List<ReceiptSummary> receipts() {
        return List.of();
    }

    /**
     * Findings that need no type of their own.
     *
     * @param panels what to show
     * @return findings of exactly these panels
     */
    static Findings of(Panel... panels) {
        List<Panel> list = List.of(panels);
        return () -> list;
    }

    /**
     * Findings with proof of what was edited.
     *
     * @param panels what to show
     * @param receipts what acted
     * @return findings of exactly these
     */
    static Findings of(List<Panel> panels, List<ReceiptSummary> receipts) {
        record Found(List<Panel> panels, List<ReceiptSummary> receipts) implements Findings {}

        return new Found(List.copyOf(panels), List.copyOf(receipts));
    }
}
