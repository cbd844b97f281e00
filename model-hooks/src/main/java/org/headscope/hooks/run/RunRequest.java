package org.headscope.hooks.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.site.HookSite;

/**
 * What to run and what to look at.
 *
 * @param tokens the input
 * @param edits hooks and interventions of this run, in firing order
 * @param captures sites to keep
 * @param logitsFrom first position whose logits are computed
 */
public record RunRequest(TokenBatch tokens, List<SiteEdit> edits, Set<HookSite> captures, int logitsFrom) {
    /** Copies the collections. */
    public RunRequest {
        edits = List.copyOf(edits);
        captures = Set.copyOf(captures);
        if (logitsFrom < 0 || logitsFrom >= tokens.length()) {
            throw new IllegalArgumentException("logitsFrom " + logitsFrom + " is outside 0.." + (tokens.length() - 1));
        }
    }

    /**
     * Starts a request.
     *
     * @param tokens the input
     * @return a builder for a plain run that keeps nothing and gives logits everywhere
     */
    public static Builder of(TokenBatch tokens) {
        return new Builder(tokens);
    }

    /** Collects the parts of a request. */
    public static final class Builder {
        private final TokenBatch tokens;
        private final List<SiteEdit> edits = new ArrayList<>();
        private final Set<HookSite> captures = new TreeSet<>();
        private int logitsFrom;

        private Builder(TokenBatch tokens) {
            this.tokens = tokens;
        }

        /**
         * Adds a hook.
         *
         * @param label how it is receipted
         * @param site where
         * @param hook what to do
         * @return this
         */
        public Builder hook(String label, HookSite site, Hook hook) {
            edits.add(new HookEdit(label, site, hook));
            return this;
        }

        /**
         * Adds edits, for example those of interventions.
         *
         * @param more what to do
         * @return this
         */
        public Builder edits(List<SiteEdit> more) {
            edits.addAll(more);
            return this;
        }

        /**
         * Keeps activations.
         *
         * @param sites which
         * @return this
         */
        public Builder capture(HookSite... sites) {
            captures.addAll(List.of(sites));
            return this;
        }

        /**
         * Keeps activations.
         *
         * @param sites which
         * @return this
         */
        public Builder capture(Iterable<HookSite> sites) {
            sites.forEach(captures::add);
            return this;
        }

        /**
         * Computes logits only from a position on; the unembedding is a third of a GPT-2 forward pass.
         *
         * @param position first position with logits
         * @return this
         */
        public Builder logitsFrom(int position) {
            logitsFrom = position;
            return this;
        }

        /**
         * Computes logits of the last position only.
         *
         * @return this
         */
        public Builder lastLogits() {
            return logitsFrom(tokens.length() - 1);
        }

        /** {@return the request} */
        public RunRequest build() {
            return new RunRequest(tokens, edits, captures, logitsFrom);
        }
    }
}
