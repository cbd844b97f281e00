package org.headscope.hooks.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;

/**
 * Reads a prompt piece by piece with a cache of keys and values. Attention is never held for more queries than a piece has,
 * so memory grows with the length of the prompt and not with its square; every number is that of a plain run up to rounding.
 */
public final class PromptReader {
    private final HookedTransformer model;
    private final int rows;

    /**
     * A reader.
     *
     * @param model the model; one that sees later tokens reads all of a prompt in one piece
     * @param rows positions per piece, at least 1
     */
    public PromptReader(HookedTransformer model, int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("A piece needs at least 1 position, not " + rows + ".");
        }
        this.model = model;
        this.rows = rows;
    }

    /** Sees an activation piece by piece. */
    @FunctionalInterface
    public interface Piece {
        /**
         * Called for every piece in order.
         *
         * @param first absolute position of its first row
         * @param value the activation after edits, with the rows of this piece; of attention scores and patterns the keys of
         *     all positions so far, {@code [1, head, rows, first + rows]}. Freed when the call returns
         */
        void seen(int first, NDArray value);
    }

    /**
     * Reads a prompt.
     *
     * @param prompt token ids
     * @param edits hooks and interventions
     * @param site what to look at
     * @param piece is shown it
     * @return receipts of what acted
     * @throws HeadscopeException when the prompt does not fit the model, a site does not exist, or an edit never fired
     */
    public List<Receipt> read(int[] prompt, List<SiteEdit> edits, HookSite site, Piece piece) {
        TokenBatch.of(prompt).check(model.config().dims());
        List<SiteEdit> all = new ArrayList<>(model.hooks().attached());
        all.addAll(edits);
        all.forEach(edit -> edit.requireFits(prompt.length));
        RunBus bus = new RunBus(model.sites(), all);
        int step = model.config().attention().causal() ? rows : prompt.length;
        try (NDManager owner = model.newManager()) {
            Decoder decoder = new Decoder(model.forward(), bus, owner, () -> false);
            bus.observe(model.sites().require(site), value -> {
                piece.seen(decoder.length(), value);
                return value;
            });
            for (int from = 0; from < prompt.length; from += step) {
                decoder.next(Arrays.copyOfRange(prompt, from, Math.min(prompt.length, from + step)));
            }
            return bus.close();
        }
    }
}
