package org.headscope.analysis.patching;

import java.util.List;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;

/**
 * What activation patching finds, or attribution patching estimates.
 *
 * @param clean logit difference of the clean run
 * @param corrupt logit difference of the corrupt run
 * @param effect normalised effect of every cell; its axes follow the site
 * @param patched logit difference of every cell, over the same axes
 * @param receipts proof that interventions acted
 */
public record PatchFindings(
        double clean, double corrupt, GridPanel effect, GridPanel patched, List<ReceiptSummary> receipts)
        implements Findings {
    /** Copies the receipts. */
    public PatchFindings {
        receipts = List.copyOf(receipts);
    }

    @Override
    public List<Panel> panels() {
        return List.of(effect, patched, runs());
    }

    private Table runs() {
        return new Table(
                "Clean and corrupt",
                List.of(Table.Column.text("run"), Table.Column.number("logit difference", "logits")),
                List.of(
                        List.of("clean", clean),
                        List.of("corrupt", corrupt),
                        List.of("clean minus corrupt", clean - corrupt)));
    }
}
