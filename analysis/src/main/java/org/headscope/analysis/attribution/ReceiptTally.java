package org.headscope.analysis.attribution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.hooks.run.Receipt;

/** Receipts of many runs with the same edits, added up. */
final class ReceiptTally {
    private final Map<String, Receipt> receipts = new LinkedHashMap<>();

    void add(List<Receipt> run) {
        for (Receipt receipt : run) {
            receipts.merge(
                    receipt.site() + " " + receipt.label(),
                    receipt,
                    (one, other) -> new Receipt(
                            one.label(),
                            one.site(),
                            one.fired() + other.fired(),
                            Math.max(one.change(), other.change())));
        }
    }

    List<ReceiptSummary> summaries() {
        return receipts.values().stream().map(ReceiptSummary::of).toList();
    }
}
