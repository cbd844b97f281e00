package org.headscope.hooks.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * What a run gives. Close it to free logits and cache.
 *
 * @param logits {@code [batch, pos - logitsFrom, vocab]}
 * @param cache what was captured
 * @param receipts what acted, and how strongly
 * @param manager owns all of it
 */
public record RunResult(NDArray logits, ActivationCache cache, List<Receipt> receipts, NDManager manager)
        implements AutoCloseable {
    /** Copies the receipts. */
    public RunResult {
        receipts = List.copyOf(receipts);
    }

    @Override
    public void close() {
        manager.close();
    }
}
