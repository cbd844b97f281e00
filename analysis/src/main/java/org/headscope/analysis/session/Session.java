package org.headscope.analysis.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskTarget;
import org.headscope.analysis.mask.io.MaskJson;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.intervene.Ablation.Mode;
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
     * @param json the mask as it is written to files; empty when nothing is masked
     */
    public record ActiveMask(String label, List<Intervention> interventions, ObjectNode json) {
        /** Nothing is masked. */
        public static final ActiveMask NONE = new ActiveMask("none", List.of(), JsonNodeFactory.instance.objectNode());

        /** Copies what is mutable. */
        public ActiveMask {
            interventions = List.copyOf(interventions);
            json = json.deepCopy();
        }

        /** {@return a copy of the mask as JSON} */
        @Override
        public ObjectNode json() {
            return json.deepCopy();
        }

        /**
         * A mask, ready to hold during runs.
         *
         * @param session what it will hold on; prompts are run on its model as it is
         * @param mask what is masked
         * @param sources prompts to take activations from, for the modes that need any
         * @return the mask
         * @throws org.headscope.hooks.HeadscopeException when a mode needs a prompt that is not there or does not fit
         */
        public static ActiveMask of(Session session, HeadMask mask, MaskSources sources) {
            return mask.isEmpty()
                    ? NONE
                    : new ActiveMask(
                            label(mask, sources),
                            new MaskReferences(session).of(mask, sources).compile(mask),
                            json(mask, sources, target(session.model())));
        }

        /** The modes, and which prompts they take activations from: without these a result could not be repeated. */
        private static String label(HeadMask mask, MaskSources sources) {
            return mask.modeLabel()
                    + (mask.uses(Mode.MEAN) ? ", mean over " + sources.mean() : "")
                    + (mask.uses(Mode.RESAMPLE) ? ", resampled from " + sources.resample() : "");
        }

        /**
         * A mask as it is written to files.
         *
         * @param mask what is masked
         * @param sources prompts it takes activations from
         * @param target the model it is for
         * @return a JSON object, empty when nothing is masked
         */
        public static ObjectNode json(HeadMask mask, MaskSources sources, MaskTarget target) {
            return mask.isEmpty() ? NONE.json() : MaskJson.write(mask, sources, target);
        }
    }

    /**
     * What mask files of a model must fit.
     *
     * @param model the model
     * @return its name, hash and shape
     */
    public static MaskTarget target(HookedTransformer model) {
        return new MaskTarget(
                model.identity().name(),
                model.identity().hash(),
                MaskShape.of(model.config().dims()));
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

    /**
     * What holds around a run on this session.
     *
     * @param journal keeps finished parts of long sweeps
     * @return the context
     */
    public AnalysisContext context(SweepJournal journal) {
        return new AnalysisContext(model, new SessionPrompts(this), mask.interventions(), seed, journal);
    }
}
