package org.headscope.app.live;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskInterventions;
import org.headscope.analysis.mask.MaskInterventions.Reference;
import org.headscope.analysis.reading.PatternReader;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.session.MaskReferences;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;
import org.headscope.hooks.sweep.SweepEngine;
import org.headscope.hooks.sweep.SweepListener;
import org.headscope.hooks.sweep.SweepResult;
import org.jspecify.annotations.Nullable;

/**
 * One prompt on one model, run once and kept, so that masks can be tried on it for about the price of the layers behind the
 * first masked one. Not for several threads at once.
 */
public final class LivePrompt implements AutoCloseable {
    private final Session session;
    private final PromptTokens tokens;
    private final BaseRun base;
    private final Prediction unmasked;
    private final SessionPrompts prompts;
    private final MaskReferences sources;
    private Prompt averaged;
    private @Nullable Reference means;
    private @Nullable Reference other;

    /**
     * Runs a prompt.
     *
     * @param session the model; its mask is not used
     * @param prompt the prompt
     * @throws HeadscopeException when the prompt does not fit the model
     */
    public LivePrompt(Session session, Prompt prompt) {
        this.session = session;
        this.averaged = prompt;
        this.sources = new MaskReferences(session);
        this.prompts = new SessionPrompts(session);
        this.tokens = prompts.encode("prompt", prompt);
        this.base = BaseRun.of(session.model(), batch(tokens), List.of());
        try {
            LastLogits reader = new LastLogits();
            new SweepEngine().run(base, List.of(), reader, SweepListener.NONE);
            this.unmasked = Prediction.ofLogits(reader.logits());
        } catch (Throwable e) {
            base.close();
            throw e;
        }
    }

    /**
     * What a mask does.
     *
     * @param prediction the next token under the mask
     * @param receipts what acted, how often, how strongly
     * @param millis how long it took
     */
    public record Masked(Prediction prediction, List<Receipt> receipts, double millis) {}

    /** {@return the tokens of the prompt} */
    public PromptTokens tokens() {
        return tokens;
    }

    /** {@return the next token with nothing masked} */
    public Prediction unmasked() {
        return unmasked;
    }

    /**
     * How a token is shown.
     *
     * @param id a token id
     * @return its text
     */
    public String show(int id) {
        return prompts.show(id);
    }

    /**
     * Chooses what means are taken over, in place of the positions of this prompt itself.
     *
     * @param prompt another prompt, of any length
     */
    public void meanOver(Prompt prompt) {
        averaged = prompt;
        means = null;
    }

    /**
     * Chooses where resample ablation takes its activations from.
     *
     * @param prompt another prompt with the same number of tokens, null for none
     * @throws HeadscopeException when its length differs
     */
    public void resampleFrom(@Nullable Prompt prompt) {
        if (prompt == null) {
            other = null;
            return;
        }
        PromptTokens from = prompts.encode("resample", prompt);
        if (from.ids().size() != tokens.ids().size()) {
            throw new HeadscopeException("The resample prompt has " + from.ids().size() + " tokens but the prompt has "
                    + tokens.ids().size() + ". Resample ablation needs equal numbers.");
        }
        other = sources.resample(prompt);
    }

    /**
     * Tries a mask.
     *
     * @param mask what to switch off or turn down
     * @return prediction and receipts
     * @throws HeadscopeException when the mask does not fit the model
     */
    public Masked under(HeadMask mask) {
        long start = System.nanoTime();
        if (mask.isEmpty()) {
            return new Masked(unmasked, List.of(), 0);
        }
        LastLogits reader = new LastLogits();
        SweepCell cell = new SweepCell("mask", new MaskInterventions(references(mask)).compile(mask));
        SweepResult result = new SweepEngine().run(base, List.of(cell), reader, SweepListener.NONE);
        double millis = (System.nanoTime() - start) / 1e6;
        return new Masked(
                Prediction.ofLogits(reader.logits()), result.receipts().get(0), millis);
    }

    /**
     * Shows where heads look.
     *
     * @param mask what is masked meanwhile
     * @param layers which layers, ascending, at least one
     * @param rows is shown their patterns
     * @throws HeadscopeException when the mask does not fit the model or lacks the prompt it takes activations from
     */
    public void patterns(HeadMask mask, List<Integer> layers, PatternReader.Rows rows) {
        var standing = new MaskInterventions(references(mask)).compile(mask);
        PatternReader.read(session.model(), ids(tokens), standing, layers, rows);
    }

    private Map<Mode, Reference> references(HeadMask mask) {
        Map<Mode, Reference> references = new EnumMap<>(Mode.class);
        if (mask.uses(Mode.MEAN)) {
            references.put(Mode.MEAN, ownMeans());
        }
        if (other != null) {
            references.put(Mode.RESAMPLE, other);
        }
        return references;
    }

    private Reference ownMeans() {
        Reference known = means;
        if (known == null) {
            known = sources.mean(averaged);
            means = known;
        }
        return known;
    }

    private static TokenBatch batch(PromptTokens tokens) {
        return TokenBatch.of(ids(tokens));
    }

    private static int[] ids(PromptTokens tokens) {
        return tokens.ids().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public void close() {
        base.close();
    }
}
