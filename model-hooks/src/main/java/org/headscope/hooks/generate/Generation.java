package org.headscope.hooks.generate;

import java.util.List;
import org.headscope.hooks.run.Receipt;

/**
 * A continuation.
 *
 * @param ids the generated token ids, without the prompt
 * @param logProbs their log-probabilities in nats
 * @param finish why it ended
 * @param receipts what acted, summed over all steps; empty when cancelled
 */
public record Generation(int[] ids, double[] logProbs, Finish finish, List<Receipt> receipts) {
    /** Copies the receipts. */
    public Generation {
        receipts = List.copyOf(receipts);
    }

    /** Why a generation ended. */
    public enum Finish {
        /** As many tokens as asked for. */
        LENGTH,
        /** A stop token came up; it is the last one. */
        STOP,
        /** The listener asked for it. */
        CANCELLED
    }
}
