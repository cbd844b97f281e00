package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;

/** Reads activations while the model runs over many sequences; nothing is kept, so memory does not grow with layers. */
final class SiteScan {
    /* Positions of all sequences that run together. */
    private static final int ROWS_AT_ONCE = 1024;

    private static final String OWN_LABEL = "read ";

    private final AnalysisContext context;
    private final List<HookSite> sites;
    private final Reader reader;

    /** Looks at an activation. */
    @FunctionalInterface
    interface Reader {
        /**
         * Called once per batch and site, in the order of the forward pass.
         *
         * @param value the activation of the batch, owned by a manager that is closed afterwards
         * @param point where
         * @param first index of the batch's first sequence
         */
        void read(NDArray value, HookPoint point, int first);
    }

    SiteScan(AnalysisContext context, List<HookSite> sites, Reader reader) {
        this.context = context;
        this.sites = sites;
        this.reader = reader;
    }

    /**
     * Reads sequences of equal length, as many at once as memory allows; {@code afterBatch} is told how many are done and
     * may throw to stop. Returns the receipts of what stands.
     */
    List<ReceiptSummary> run(int[][] sequences, IntConsumer afterBatch) {
        List<ReceiptSummary> standing = List.of();
        int step = Math.max(1, ROWS_AT_ONCE / sequences[0].length);
        for (int from = 0; from < sequences.length; from += step) {
            int to = Math.min(sequences.length, from + step);
            standing = batch(Arrays.copyOfRange(sequences, from, to), from);
            afterBatch.accept(to);
        }
        return standing;
    }

    private List<ReceiptSummary> batch(int[][] sequences, int first) {
        RunRequest.Builder request =
                StandingRun.of(context, TokenBatch.of(sequences)).lastLogits();
        for (HookSite site : sites) {
            request.hook(OWN_LABEL + site, site, (value, point) -> {
                try (NDManager scratch = value.getManager().newSubManager()) {
                    reader.read(Alias.of(value, scratch), point, first);
                }
                return null;
            });
        }
        try (RunResult run = context.model().run(request.build())) {
            return run.receipts().stream()
                    .filter(receipt -> !receipt.label().startsWith(OWN_LABEL))
                    .map(ReceiptSummary::of)
                    .toList();
        }
    }
}
