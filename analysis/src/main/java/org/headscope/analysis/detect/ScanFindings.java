package org.headscope.analysis.detect;

import java.util.List;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.ReceiptSummary;

/**
 * What a scan of attention patterns finds.
 *
 * @param panels scores and tables
 * @param receipts of the interventions that stood in one of the runs; the same ones stood in all
 */
record ScanFindings(List<Panel> panels, List<ReceiptSummary> receipts) implements Findings {
    /** Copies the lists. */
    ScanFindings {
        panels = List.copyOf(panels);
        receipts = List.copyOf(receipts);
    }
}
