package org.headscope.analysis.result;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The outcome of one run of one analysis, complete in itself: it can be shown, stored, exported and repeated.
 *
 * @param title the heading
 * @param panels what was found; titles are unique
 * @param receipts proof that each edit took effect
 * @param provenance where the numbers came from
 */
public record Result(String title, List<Panel> panels, List<ReceiptSummary> receipts, Provenance provenance) {
    /** Copies the lists and checks that panel titles are unique. */
    public Result {
        panels = List.copyOf(panels);
        receipts = List.copyOf(receipts);
        Set<String> titles = new HashSet<>();
        for (Panel panel : panels) {
            if (!titles.add(panel.title())) {
                throw new InvalidPanelException("Result '" + title + "' has two panels called '" + panel.title()
                        + "': give each its own title.");
            }
        }
    }

    /**
     * Finds a panel.
     *
     * @param panelTitle its title
     * @return the panel, or empty when there is none of that title
     */
    public Optional<Panel> panel(String panelTitle) {
        return panels.stream().filter(p -> p.title().equals(panelTitle)).findFirst();
    }
}
