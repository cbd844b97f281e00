package org.headscope.analysis.session;

import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.tokens.BosPolicy;

/**
 * An open model with what holds around every run on it.
 *
 * @param model the model
 * @param bos when a beginning-of-sequence token is put in front
 * @param mask the interventions of the active mask
 * @param seed for everything random
 */
public record Session(HookedTransformer model, BosPolicy bos, ActiveMask mask, long seed) {
    /**
     * The mask that holds in every run.
     *
     * @param label its modes, in words; {@code none} when nothing is masked
     * @param interventions what it does
     */
    public record ActiveMask(String label, List<Intervention> interventions) {
        /** Nothing is masked. */
        public static final ActiveMask NONE = new ActiveMask("none", List.of());

        /** Copies the list. */
        public ActiveMask {
            interventions = List.copyOf(interventions);
        }
    }

    /**
     * A session without a mask.
     *
     * @param model the model
     * @return the session, with the automatic BOS policy and seed 0
     */
    public static Session of(HookedTransformer model) {
        return new Session(model, BosPolicy.AUTO, ActiveMask.NONE, 0);
    }

    /**
     * The same session with another mask.
     *
     * @param other the mask
     * @return a copy
     */
    public Session with(ActiveMask other) {
        return new Session(model, bos, other, seed);
    }

    /**
     * The same session with another BOS policy.
     *
     * @param other the policy
     * @return a copy
     */
    public Session with(BosPolicy other) {
        return new Session(model, other, mask, seed);
    }

    /**
     * The same session with another seed.
     *
     * @param other the seed
     * @return a copy
     */
    public Session withSeed(long other) {
        return new Session(model, bos, mask, other);
    }
}
