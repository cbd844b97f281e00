package org.headscope.hooks.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.run.Hook;
import org.headscope.hooks.run.HookEdit;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;

/**
 * What to generate and how.
 *
 * @param prompt token ids to continue
 * @param maxNewTokens when to stop at the latest
 * @param sampling how tokens are chosen
 * @param stopIds generation ends behind any of these, which belongs to the result
 * @param edits hooks and interventions, active at all positions of the prompt and of the continuation
 * @param observed sites handed to the listener in each step
 */
public record GenerationRequest(
        int[] prompt,
        int maxNewTokens,
        Sampling sampling,
        Set<Integer> stopIds,
        List<SiteEdit> edits,
        Set<HookSite> observed) {
    /** Copies the collections and refuses a request for nothing. */
    public GenerationRequest {
        prompt = prompt.clone();
        stopIds = Set.copyOf(stopIds);
        edits = List.copyOf(edits);
        observed = Set.copyOf(observed);
        if (maxNewTokens < 1) {
            throw new HeadscopeException(
                    "The number of tokens to generate is " + maxNewTokens + " but must be at least 1.");
        }
    }

    /**
     * A greedy continuation without interventions.
     *
     * @param prompt token ids to continue
     * @param maxNewTokens how many tokens to add
     * @return the request
     */
    public static GenerationRequest greedy(int[] prompt, int maxNewTokens) {
        return new GenerationRequest(prompt, maxNewTokens, Sampling.GREEDY, Set.of(), List.of(), Set.of());
    }

    /**
     * The same request with another way to choose tokens.
     *
     * @param other how tokens are chosen
     * @return the request
     */
    public GenerationRequest with(Sampling other) {
        return new GenerationRequest(prompt, maxNewTokens, other, stopIds, edits, observed);
    }

    /**
     * The same request ending behind some tokens.
     *
     * @param ids for example the end-of-text token
     * @return the request
     */
    public GenerationRequest stoppingAt(Set<Integer> ids) {
        return new GenerationRequest(prompt, maxNewTokens, sampling, ids, edits, observed);
    }

    /**
     * The same request with more edits.
     *
     * @param more for example those of interventions
     * @return the request
     */
    public GenerationRequest edits(List<SiteEdit> more) {
        List<SiteEdit> all = new ArrayList<>(edits);
        all.addAll(more);
        return new GenerationRequest(prompt, maxNewTokens, sampling, stopIds, all, observed);
    }

    /**
     * The same request with one more hook.
     *
     * @param label how it is receipted
     * @param site where
     * @param hook what to do; it sees the prompt in one piece and then one position at a time
     * @return the request
     */
    public GenerationRequest hook(String label, HookSite site, Hook hook) {
        return edits(List.of(new HookEdit(label, site, hook)));
    }

    /**
     * The same request with activations handed to the listener.
     *
     * @param sites which
     * @return the request
     */
    public GenerationRequest observing(HookSite... sites) {
        return new GenerationRequest(prompt, maxNewTokens, sampling, stopIds, edits, Set.of(sites));
    }
}
