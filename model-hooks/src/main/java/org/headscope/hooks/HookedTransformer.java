package org.headscope.hooks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.Forward;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.HookRegistry;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteCatalog;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.weights.ModelWeights;
import org.jspecify.annotations.Nullable;

/**
 * A transformer that can be read and edited while it runs.
 *
 * <pre>{@code
 * try (HookedTransformer model = ModelLoader.load(folder);
 *         RunResult run = model.run(RunRequest.of(TokenBatch.of(ids))
 *                 .capture(HookSite.parse("blocks.5.attn.hook_pattern"))
 *                 .build())) {
 *     NDArray pattern = run.cache().get(HookSite.parse("blocks.5.attn.hook_pattern"));
 * }
 * }</pre>
 *
 * <p>Several threads may run the same model at once; every run has its own cache and receipts.
 */
public final class HookedTransformer implements AutoCloseable {
    private final NDManager manager;
    private final ModelIdentity identity;
    private final @Nullable TextTokenizer tokenizer;
    private final ModelConfig config;
    private final ModelWeights weights;
    private final Forward forward;
    private final SiteCatalog sites;
    private final HookRegistry hooks;
    private final Set<NDManager> scopes = ConcurrentHashMap.newKeySet();

    /**
     * Puts a model together that was not loaded from anywhere.
     *
     * @param config its configuration
     * @param weights its weights
     * @param manager owns the weights; closed with the model
     */
    public HookedTransformer(ModelConfig config, ModelWeights weights, NDManager manager) {
        this(config, weights, ModelIdentity.built(config.family()), null, manager);
    }

    /**
     * Puts a model together.
     *
     * @param config its configuration
     * @param weights its weights
     * @param identity where it came from
     * @param tokenizer turns text into its token ids, closed with the model; null when it has none
     * @param manager owns the weights; closed with the model
     */
    public HookedTransformer(
            ModelConfig config,
            ModelWeights weights,
            ModelIdentity identity,
            @Nullable TextTokenizer tokenizer,
            NDManager manager) {
        this.tokenizer = tokenizer;
        this.config = config;
        this.weights = weights;
        this.manager = manager;
        this.identity = identity;
        this.forward = new Forward(config, weights, manager);
        this.sites = new SiteCatalog(config, weights);
        this.hooks = new HookRegistry(sites);
    }

    /** {@return where the model came from and what was done to it} */
    public ModelIdentity identity() {
        return identity;
    }

    /** {@return its tokenizer, or null; {@link ModelIdentity#noTokenizer()} then says why} */
    public @Nullable TextTokenizer tokenizer() {
        return tokenizer;
    }

    /** {@return sizes and structure} */
    public ModelConfig config() {
        return config;
    }

    /** {@return the weights in the canonical layout} */
    public ModelWeights weights() {
        return weights;
    }

    /** {@return the sites where hooks can be attached} */
    public SiteCatalog sites() {
        return sites;
    }

    /** {@return hooks that stay attached beyond a single run} */
    public HookRegistry hooks() {
        return hooks;
    }

    /** {@return the forward pass in its parts} */
    public Forward forward() {
        return forward;
    }

    /** {@return a new scope for native memory, to be closed by the caller} */
    public NDManager newManager() {
        NDManager scope = manager.newSubManager();
        scopes.removeIf(old -> !old.isOpen());
        scopes.add(scope);
        return scope;
    }

    /**
     * Counts native memory that is in use, to find what was not closed.
     *
     * @return weights, tables and open scopes with the arrays in them; the same before and after any analysis
     */
    public int ownedResources() {
        int open = scopes.stream()
                .filter(NDManager::isOpen)
                .mapToInt(scope -> 1 + scope.getManagedArrays().size())
                .sum();
        return manager.getManagedArrays().size() + open;
    }

    /**
     * Runs the model once.
     *
     * @param request tokens, edits, what to keep
     * @return logits, cache and receipts; close it
     * @throws HeadscopeException when tokens or sites do not fit the model, or something attached never fired
     */
    public RunResult run(RunRequest request) {
        request.tokens().check(config.dims());
        NDManager owner = newManager();
        try {
            List<SiteEdit> edits = new ArrayList<>(hooks.attached());
            edits.addAll(request.edits());
            edits.forEach(edit -> edit.requireFits(request.tokens().length()));
            RunBus bus = new RunBus(sites, edits);
            ActivationCache cache = new ActivationCache(owner.newSubManager());
            for (HookSite site : request.captures()) {
                keep(bus, sites.require(site), cache);
            }
            NDArray logits = logits(request, owner, bus);
            List<Receipt> receipts = bus.close();
            return new RunResult(logits, cache, receipts, owner);
        } catch (Throwable e) {
            owner.close();
            throw e;
        }
    }

    private NDArray logits(RunRequest request, NDManager owner, RunBus bus) {
        TokenBatch tokens = request.tokens();
        try (NDManager temporary = owner.newSubManager()) {
            NDArray logits =
                    forward.logits(tokens, request.logitsFrom(), forward.scope(temporary, bus, tokens.padding()));
            logits.attach(owner);
            return logits;
        }
    }

    private static void keep(RunBus bus, HookSite site, ActivationCache cache) {
        bus.observe(site, value -> {
            cache.put(site, value);
            return value;
        });
    }

    @Override
    public void close() {
        manager.close();
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
