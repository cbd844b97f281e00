package org.headscope.analysis.result;

import org.headscope.hooks.run.Receipt;

/**
 * Proof that an edit of the model took effect.
 *
 * @param label what was done, in words a person reads: {@code 8.6 off}
 * @param site the hook site it was done at, such as {@code blocks.8.attn.hook_z}
 * @param fired how often it was applied
 * @param changeMaxAbs largest absolute change it made to the activation
 * @param effect what it did to the outcome, such as {@code logit difference 3.55 -> 2.71}; may be empty
 */
public record ReceiptSummary(String label, String site, long fired, double changeMaxAbs, String effect) {
    /**
     * The receipt of a single run.
     *
     * @param receipt what the run accounts for
     * @return the same, with no effect stated
     */
    public static ReceiptSummary of(Receipt receipt) {
        return new ReceiptSummary(receipt.label(), receipt.site(), receipt.fired(), receipt.change(), "");
    }
}
