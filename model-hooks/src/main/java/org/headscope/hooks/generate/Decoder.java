package org.headscope.hooks.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.BlockInput;
import org.headscope.hooks.forward.Forward;
import org.headscope.hooks.forward.KeyValues;
import org.headscope.hooks.forward.RunScope;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.forward.TokenBatch;
import org.jspecify.annotations.Nullable;

/** Feeds tokens through a model while keeping the keys and values of all positions so far. */
final class Decoder {
    private final Forward forward;
    private final SiteBus bus;
    private final NDManager owner;
    private final BooleanSupplier cancelled;
    private final List<@Nullable KeyValues> kept = new ArrayList<>();
    private int length;

    Decoder(Forward forward, SiteBus bus, NDManager owner, BooleanSupplier cancelled) {
        this.forward = forward;
        this.bus = bus;
        this.owner = owner;
        this.cancelled = cancelled;
        for (int l = 0; l < forward.config().dims().layers(); l++) {
            kept.add(null);
        }
    }

    /** Asked to stop between two blocks. */
    static final class Cancelled extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Cancelled() {
            super("cancelled", null, false, false);
        }
    }

    /** {@return how many tokens were read} */
    int length() {
        return length;
    }

    /** Reads tokens; the logits of what comes behind the last of them. */
    float[] next(int... ids) {
        try (NDManager step = owner.newSubManager()) {
            RunScope scope = scope(step);
            NDArray x = blocks(ids, scope);
            NDArray last = Alias.rows(x, ids.length - 1L, ids.length, step);
            return forward.unembed(last, length - 1, scope).toFloatArray();
        }
    }

    private RunScope scope(NDManager step) {
        return forward.scope(step, bus, null);
    }

    private NDArray blocks(int[] ids, RunScope scope) {
        NDArray x = forward.embed(TokenBatch.of(ids), length, scope);
        for (int l = 0; l < kept.size(); l++) {
            if (cancelled.getAsBoolean()) {
                throw new Cancelled();
            }
            NDArray before = x;
            var out = forward.block(l).run(new BlockInput(l, x, length, 0, kept.get(l)), scope);
            keep(l, out.keyValues());
            x = out.resid();
            before.close();
        }
        length += ids.length;
        return x;
    }

    private void keep(int layer, KeyValues grown) {
        KeyValues old = kept.set(layer, grown.attach(owner));
        if (old != null) {
            old.keys().close();
            old.values().close();
        }
    }
}
