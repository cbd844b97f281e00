package org.headscope.hooks.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.generate.Generation.Finish;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.jspecify.annotations.Nullable;

/**
 * Generates with a cache of keys and values. Hooks and interventions are active throughout, exactly as if every token were
 * computed from scratch: they see the prompt in one piece, as in a plain run, and then one position at a time.
 */
public final class Generator {
    private final HookedTransformer model;

    /**
     * A generator for a decoder.
     *
     * @param model the model
     * @throws HeadscopeException when the model looks at later tokens, as BERT does, and so cannot continue a text
     */
    public Generator(HookedTransformer model) {
        if (!model.config().attention().causal()) {
            throw new HeadscopeException("This " + model.config().family()
                    + " model reads text in both directions and cannot continue it. Choose a decoder.");
        }
        this.model = model;
    }

    /**
     * Generates without watching.
     *
     * @param request what and how
     * @return the continuation
     * @throws HeadscopeException as {@link #run(GenerationRequest, GenerationListener)} does
     */
    public Generation run(GenerationRequest request) {
        return run(request, GenerationListener.NONE);
    }

    /**
     * Generates.
     *
     * @param request what and how
     * @param listener sees every token at once, and may stop the generation
     * @return the continuation; what there is of it when cancelled
     * @throws HeadscopeException when prompt and continuation exceed the context, an id or a site does not exist, or
     *     something attached never fired
     */
    public Generation run(GenerationRequest request, GenerationListener listener) {
        requireRoom(request);
        List<SiteEdit> edits = new ArrayList<>(model.hooks().attached());
        edits.addAll(request.edits());
        RunBus bus = new RunBus(model.sites(), edits);
        try (NDManager owner = model.newManager()) {
            Session session = new Session(request, listener, bus, owner);
            Finish finish = session.finish();
            List<Receipt> receipts = finish == Finish.CANCELLED ? List.of() : bus.close();
            return new Generation(session.ids(), session.logProbs(), finish, receipts);
        }
    }

    private void requireRoom(GenerationRequest request) {
        Dims dims = model.config().dims();
        TokenBatch.of(request.prompt()).check(dims);
        // The last token is predicted but not read.
        long read = (long) request.prompt().length + request.maxNewTokens() - 1;
        if (read > dims.context()) {
            throw new HeadscopeException("The prompt of " + request.prompt().length + " tokens and "
                    + request.maxNewTokens() + " new ones do not fit this model's context of " + dims.context()
                    + ". Ask for at most " + (dims.context() - request.prompt().length + 1) + " new tokens.");
        }
    }

    /** One generation under way. */
    private final class Session {
        private final GenerationRequest request;
        private final GenerationListener listener;
        private final NDManager owner;
        private final Decoder decoder;
        private final List<Integer> ids = new ArrayList<>();
        private final List<Double> logProbs = new ArrayList<>();
        private @Nullable ActivationCache observed;

        Session(GenerationRequest request, GenerationListener listener, RunBus bus, NDManager owner) {
            this.request = request;
            this.listener = listener;
            this.owner = owner;
            this.decoder = new Decoder(model.forward(), bus, owner, listener::cancelled);
            for (HookSite site : request.observed()) {
                bus.observe(model.sites().require(site), value -> {
                    cache().put(site, lastRow(value, site));
                    return value;
                });
            }
        }

        Finish finish() {
            try {
                return generate();
            } catch (Decoder.Cancelled e) {
                return Finish.CANCELLED;
            }
        }

        private Finish generate() {
            Sampler sampler = new Sampler(request.sampling());
            int id = step(sampler, request.prompt());
            while (ids.size() < request.maxNewTokens() && !request.stopIds().contains(id)) {
                id = step(sampler, id);
            }
            return request.stopIds().contains(id) ? Finish.STOP : Finish.LENGTH;
        }

        private int step(Sampler sampler, int... read) {
            try (ActivationCache cache = new ActivationCache(owner.newSubManager())) {
                observed = cache;
                float[] logits = decoder.next(read);
                int id = sampler.next(logits);
                double logProb = logProb(logits, id);
                ids.add(id);
                logProbs.add(logProb);
                listener.generated(new GenerationStep(ids.size() - 1, decoder.length() - 1, id, logProb, cache));
                return id;
            }
        }

        private ActivationCache cache() {
            return Objects.requireNonNull(observed);
        }

        int[] ids() {
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }

        double[] logProbs() {
            return logProbs.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    /** The prompt is read in one piece, but what comes next depends on its last position. */
    private static NDArray lastRow(NDArray value, HookSite site) {
        int axis = site.kind().positionAxis();
        long rows = value.getShape().get(axis);
        if (rows == 1) {
            return value;
        }
        NDIndex index = new NDIndex();
        for (int i = 0; i < axis; i++) {
            index.addAllDim();
        }
        // A slice would keep the memory of all rows, for attention the whole square of every layer, until the step
        // ends.
        try (NDArray slice = value.get(index.addSliceDim(rows - 1, rows))) {
            return slice.duplicate();
        }
    }

    private static double logProb(float[] logits, int id) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return logits[id] - largest - Math.log(sum);
    }
}
