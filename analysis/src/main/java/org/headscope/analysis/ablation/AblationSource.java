package org.headscope.analysis.ablation;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** How parts are ablated, together with the activations of other prompts that this needs. */
final class AblationSource implements AutoCloseable {
    private final Ablation how;
    private final String reference;
    private final Runnable close;

    private AblationSource(Ablation how, String reference, Runnable close) {
        this.how = how;
        this.reference = reference;
        this.close = close;
    }

    static AblationSource of(AnalysisContext context, EncodedPrompt prompt, HeadAblation.Parameters parameters) {
        return switch (parameters.mode()) {
            case ZERO -> plain(new Ablation.Zero());
            case UNIFORM -> plain(new Ablation.Uniform());
            case GATE -> plain(new Ablation.Gate(parameters.gate()));
            case MEAN -> mean(context, prompt, parameters);
            case RESAMPLE -> resample(context, prompt, parameters);
        };
    }

    private static AblationSource plain(Ablation how) {
        return new AblationSource(how, "none", () -> {});
    }

    private static AblationSource mean(
            AnalysisContext context, EncodedPrompt prompt, HeadAblation.Parameters parameters) {
        List<EncodedPrompt> prompts = references(context, prompt, parameters);
        var means = new ReferenceMeans(context, sites(context), parameters.perPosition());
        prompts.forEach(means::add);
        NDManager owner = context.model().newManager();
        String reference = parameters.reference().isEmpty()
                ? "the prompt's own positions"
                : prompts.size() + " reference prompts" + (parameters.perPosition() ? ", position by position" : "");
        ActivationCache cache = means.means(prompt.length(), owner);
        return new AblationSource(new Ablation.Mean(cache, reference), reference, owner::close);
    }

    private static List<EncodedPrompt> references(
            AnalysisContext context, EncodedPrompt prompt, HeadAblation.Parameters parameters) {
        if (parameters.reference().isEmpty()) {
            if (parameters.perPosition()) {
                throw ParameterException.refused(
                        "per-position", "true", "reference prompts too: the mean of one value is that value");
            }
            return List.of(prompt);
        }
        List<EncodedPrompt> prompts = new ArrayList<>();
        for (String text : parameters.reference()) {
            EncodedPrompt one = EncodedPrompt.of(context, "reference " + (prompts.size() + 1), Prompt.parse(text));
            if (parameters.perPosition()) {
                prompt.requireSameLength(one);
            }
            prompts.add(one);
        }
        return prompts;
    }

    private static AblationSource resample(
            AnalysisContext context, EncodedPrompt prompt, HeadAblation.Parameters parameters) {
        if (parameters.other() == null) {
            throw ParameterException.refused(
                    "other", "", "a prompt with as many tokens: resample takes outputs from it");
        }
        EncodedPrompt other = EncodedPrompt.of(context, "other", parameters.other());
        prompt.requireSameLength(other);
        RunResult run = context.model()
                .run(StandingRun.of(context, other.batch())
                        .capture(sites(context))
                        .lastLogits()
                        .build());
        return new AblationSource(
                new Ablation.Resample(run.cache(), "the other prompt"), "the other prompt", run::close);
    }

    private static List<HookSite> sites(AnalysisContext context) {
        List<HookSite> sites = new ArrayList<>();
        for (int l = 0; l < context.model().config().dims().layers(); l++) {
            sites.add(HookSite.of(SiteKind.Z, l));
            if (context.model().config().block().hasMlp()) {
                sites.add(HookSite.of(SiteKind.MLP_OUT, l));
            }
        }
        return sites;
    }

    Ablation how() {
        return how;
    }

    /** What was averaged over or taken from, in words. */
    String reference() {
        return reference;
    }

    @Override
    public void close() {
        close.run();
    }
}
