package org.headscope.hooks.sweep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.Block;
import org.headscope.hooks.forward.BlockInput;
import org.headscope.hooks.forward.Forward;
import org.headscope.hooks.forward.KeyValues;
import org.headscope.hooks.forward.RunScope;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * A run that others start from: per layer its input, head outputs, attention output, keys and values. Made once per prompt
 * and mask, used by every cell of every sweep on it. Close it to free that memory.
 */
public final class BaseRun implements AutoCloseable {
    private final HookedTransformer model;
    private final TokenBatch tokens;
    private final List<SiteEdit> standing;
    private final NDManager manager;
    private final List<NDArray> inputs = new ArrayList<>();
    private final List<KeyValues> keyValues = new ArrayList<>();
    private final Map<HookSite, NDArray> entries = new HashMap<>();
    private final List<Receipt> receipts;

    private BaseRun(HookedTransformer model, TokenBatch tokens, List<SiteEdit> standing, NDManager manager) {
        this.model = model;
        this.tokens = tokens;
        this.standing = standing;
        this.manager = manager;
        this.receipts = run();
    }

    /**
     * Runs the model and keeps what sweeps need.
     *
     * @param model the model
     * @param tokens prompts without padding
     * @param standing interventions that hold in the base run and in every cell, such as a mask
     * @return the run; close it
     * @throws HeadscopeException when tokens or interventions do not fit the model
     */
    public static BaseRun of(HookedTransformer model, TokenBatch tokens, List<Intervention> standing) {
        tokens.check(model.config().dims());
        if (tokens.padding() != null) {
            throw new HeadscopeException("Sweeps need prompts without padding. Use prompts of equal length.");
        }
        List<SiteEdit> edits = new ArrayList<>(model.hooks().attached());
        edits.addAll(new Interventions(model.config()).compile(standing));
        edits.forEach(edit -> edit.requireFits(tokens.length()));
        NDManager manager = model.newManager();
        try {
            return new BaseRun(model, tokens, edits, manager);
        } catch (Throwable e) {
            manager.close();
            throw e;
        }
    }

    private List<Receipt> run() {
        Forward forward = model.forward();
        RunBus bus = new RunBus(model.sites(), standing);
        int layers = model.config().dims().layers();
        for (int l = 0; l < layers; l++) {
            keep(bus, HookSite.of(SiteKind.Z, l));
            keep(bus, HookSite.of(SiteKind.ATTN_OUT, l));
        }
        RunScope scope = forward.scope(manager, bus, null);
        inputs.add(forward.embed(tokens, 0, scope));
        for (int l = 0; l < layers; l++) {
            Block.Output out = forward.block(l).run(BlockInput.whole(l, inputs.get(l)), scope);
            inputs.add(out.resid());
            keyValues.add(out.keyValues());
        }
        try (NDManager temporary = manager.newSubManager()) {
            int last = tokens.length() - 1;
            RunScope end = new RunScope(temporary, bus, scope.masks());
            forward.unembed(Alias.rows(inputs.get(layers), last, last + 1, temporary), last, end);
        }
        return bus.close();
    }

    private void keep(RunBus bus, HookSite site) {
        bus.observe(site, value -> {
            entries.put(site, Alias.of(value, manager));
            return value;
        });
    }

    /** {@return the model} */
    public HookedTransformer model() {
        return model;
    }

    /** {@return the prompts} */
    public TokenBatch tokens() {
        return tokens;
    }

    /** {@return receipts of the standing interventions} */
    public List<Receipt> receipts() {
        return receipts;
    }

    /** {@return edits that hold in every cell} */
    List<SiteEdit> standing() {
        return standing;
    }

    /** The residual stream before a block, or after the last one, as the block receives it: {@code [batch, pos, d_model]}. */
    NDArray input(int layer) {
        return inputs.get(layer);
    }

    /** Keys and values of a layer. */
    KeyValues keyValues(int layer) {
        return keyValues.get(layer);
    }

    /** Head outputs or attention output after all standing edits. */
    NDArray entry(SiteKind kind, int layer) {
        NDArray array = entries.get(HookSite.of(kind, layer));
        if (array == null) {
            throw new IllegalStateException("The base run kept no " + kind + " of layer " + layer);
        }
        return array;
    }

    /** {@return owner of everything kept} */
    NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        manager.close();
    }
}
