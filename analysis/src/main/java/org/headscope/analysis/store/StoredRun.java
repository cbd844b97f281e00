package org.headscope.analysis.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.headscope.analysis.result.ReceiptSummary;

/**
 * A run as it stands in the workspace, without its result.
 *
 * @param id its number
 * @param spec what was asked for
 * @param state where it stands
 * @param receipts proof that its edits took effect; empty until it is done
 * @param hasResult whether there is a result to load
 */
public record StoredRun(long id, RunSpec spec, State state, List<ReceiptSummary> receipts, boolean hasResult) {
    /** Copies the receipts. */
    public StoredRun {
        receipts = List.copyOf(receipts);
    }

    /**
     * Where a run stands.
     *
     * @param status in a word
     * @param message why it failed; empty otherwise
     * @param created when it was asked for
     * @param started when it last began, if it did
     * @param finished when it ended, if it did
     * @param seconds how long it computed; NaN until it is done
     */
    public record State(
            RunStatus status,
            String message,
            Instant created,
            Optional<Instant> started,
            Optional<Instant> finished,
            double seconds) {}
}
