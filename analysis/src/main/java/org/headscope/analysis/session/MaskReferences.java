package org.headscope.analysis.session;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskException;
import org.headscope.analysis.mask.MaskInterventions;
import org.headscope.analysis.mask.MaskInterventions.Reference;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.HostActivations;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * Runs the prompts that a mask takes activations from, on the model as it is. What comes of them is on Java's heap, so that
 * whoever holds the mask has nothing to close.
 */
public final class MaskReferences {
    private static final int SHOWN = 60;
    private final Session session;

    /** @param session the model and whether text gets a beginning-of-sequence token; its mask is not used */
    public MaskReferences(Session session) {
        this.session = session;
    }

    /**
     * Makes a mask ready for compilation.
     *
     * @param mask a mask
     * @param sources prompts for its modes
     * @return knows what each of its modes needs
     * @throws HeadscopeException when a mode has no prompt, or its prompt does not fit the model
     */
    public MaskInterventions of(HeadMask mask, MaskSources sources) {
        Map<Mode, Reference> references = new EnumMap<>(Mode.class);
        if (mask.uses(Mode.MEAN)) {
            references.put(Mode.MEAN, mean(prompt(mask, Mode.MEAN, sources.mean())));
        }
        if (mask.uses(Mode.RESAMPLE)) {
            references.put(Mode.RESAMPLE, resample(prompt(mask, Mode.RESAMPLE, sources.resample())));
        }
        return new MaskInterventions(references);
    }

    /**
     * Where means come from.
     *
     * @param prompt what is averaged over: its positions, a beginning-of-sequence token included
     * @return values with a position axis of length 1
     */
    public Reference mean(Prompt prompt) {
        try (RunResult run = run(prompt);
                ActivationCache mean = run.cache().mean(false)) {
            return new Reference(HostActivations.of(mean), "mean over the positions of " + shown(prompt));
        }
    }

    /**
     * Where the activations of another prompt come from.
     *
     * @param prompt the other prompt
     * @return values position by position
     */
    public Reference resample(Prompt prompt) {
        try (RunResult run = run(prompt)) {
            return new Reference(HostActivations.of(run.cache()), "activations of " + shown(prompt));
        }
    }

    private RunResult run(Prompt prompt) {
        List<HookSite> sites = session.model().sites().all().stream()
                .filter(site -> site.kind() == SiteKind.Z || site.kind() == SiteKind.MLP_OUT)
                .toList();
        int[] ids = new SessionPrompts(session)
                .encode("reference", prompt).ids().stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
        return session.model()
                .run(RunRequest.of(TokenBatch.of(ids))
                        .capture(sites)
                        .lastLogits()
                        .build());
    }

    private static Prompt prompt(HeadMask mask, Mode mode, String line) {
        if (!line.isBlank()) {
            return Prompt.parse(line);
        }
        String unit = mask.entries().entrySet().stream()
                .filter(entry -> entry.getValue().mode() == mode)
                .map(entry -> entry.getKey())
                .findFirst()
                .map(MaskUnit::label)
                .orElseThrow();
        throw new MaskException("The mask puts "
                + (mode == Mode.MEAN ? "a mean" : "another prompt's activations") + " in place of " + unit
                + ", but of which prompt is not said: "
                + (mode == Mode.MEAN
                        ? "name one with --mean-over, or type a prompt in the window."
                        : "name one with --resample-from, or type it beside the mask in Explore."));
    }

    private static String shown(Prompt prompt) {
        String line = prompt.line();
        return '"' + (line.length() > SHOWN ? line.substring(0, SHOWN - 1) + "…" : line) + '"';
    }
}
