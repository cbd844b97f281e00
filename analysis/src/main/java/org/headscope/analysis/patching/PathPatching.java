package org.headscope.analysis.patching;

import com.google.auto.service.AutoService;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/** What each head sends to some later place along the direct paths only, all other heads held where they were. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class PathPatching implements Analysis<PathPatching.Parameters, Findings> {
    /** Where paths end. */
    public enum Receiver {
        /** The final residual stream: the direct effect on the logits. */
        LOGITS(null),
        /** Queries of some heads. */
        Q(SiteKind.Q),
        /** Keys of some key-value heads. */
        K(SiteKind.K),
        /** Values of some key-value heads. */
        V(SiteKind.V);

        private final @Nullable SiteKind kind;

        Receiver(@Nullable SiteKind kind) {
            this.kind = kind;
        }

        /** The site that is set, or null for the logits. */
        @Nullable
        SiteKind kind() {
            return kind;
        }
    }

    /** What MLPs between sender and receiver do. */
    public enum Mlps {
        /** They see what the sender changed, as in Wang et al. */
        RECOMPUTED,
        /** They are held too: only the residual stream carries anything. */
        FROZEN
    }

    /**
     * Parameters.
     *
     * @param clean prompt with the answer
     * @param corrupt prompt without it, with as many tokens
     * @param answer right next token
     * @param foil wrong next token
     * @param receiver where paths end
     * @param heads receiving heads
     * @param mlps what MLPs on the way do
     */
    public record Parameters(
            @Param(label = "Clean prompt", help = "Prompt on which the model gives the answer.") Prompt clean,
            @Param(label = "Corrupt prompt", help = "Prompt of equal length on which it does not.") Prompt corrupt,
            @Param(label = "Answer", help = "Right next token, with its leading space, or ids:N.") Prompt answer,
            @Param(label = "Foil", help = "Wrong next token that the answer is compared with.") Prompt foil,
            @Param(label = "Receiver", defaultValue = "logits", help = "Where the paths end.") Receiver receiver,
            @Param(
                            label = "Receiving heads",
                            defaultValue = "",
                            help = "For q, k and v: layer.head, separated by commas; key-value heads for k and v.")
                    List<String> heads,
            @Param(
                            label = "MLPs on the way",
                            defaultValue = "recomputed",
                            help = "Recomputed as in Wang et al., or frozen for strictly direct paths.")
                    Mlps mlps) {
        /** Copies the list. */
        public Parameters {
            heads = List.copyOf(heads);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("path-patch", "Path patching", AnalysisInfo.Area.PATCH)
                .measures(
                        "How much of the answer each head carries to the logits, or into queries, keys or values of later"
                                + " heads, along direct paths.")
                .formula(
                        "Clean run; z of the sender from the corrupt run; z of all other heads frozen at clean; receivers"
                                + " set to what they then get, everything behind them recomputed. Effect: (LD_clean - LD_patched) /"
                                + " (LD_clean - LD_corrupt), LD = logit[answer] - logit[foil]")
                .source("Wang et al. 2211.00593 (MLPs recomputed); Goldowsky-Dill et al. 2304.05969 (MLPs frozen)")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Norms are recomputed, not linearised as in TransformerLens' direct paths. Senders are patched at"
                                + " all positions at once. Senders that no path leads from have exactly 0.")
                .cost(
                        "Logits: one partial forward per sender, batched, plus two forwards. Queries, keys, values: one more"
                                + " forward per sender.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        Dims dims = context.model().config().dims();
        double senders = dims.layers() * dims.heads();
        return 2 + senders / 2 + (parameters.receiver() == Receiver.LOGITS ? 0 : senders);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        PatchPair pair = PatchPair.of(context, noising(parameters));
        PathReceivers receivers = PathReceivers.of(context, parameters);
        progress.report(0, 0, "clean and corrupt run");
        try (RunResult here = context.model().run(everything(context, pair.base()));
                RunResult there = context.model().run(everything(context, pair.other()))) {
            PathRuns runs = new PathRuns(context, pair, here, there);
            return new PathSweep(runs, parameters.mlps(), receivers).run(progress);
        }
    }

    /** Senders from the corrupt prompt, as noising does it. */
    private static ActivationPatching.Parameters noising(Parameters parameters) {
        return new ActivationPatching.Parameters(
                parameters.clean(),
                parameters.corrupt(),
                parameters.answer(),
                parameters.foil(),
                PatchSite.HEAD_Z,
                ActivationPatching.Mode.NOISE);
    }

    /** All that is frozen or sent. */
    private static RunRequest everything(AnalysisContext context, EncodedPrompt prompt) {
        RunRequest.Builder request = StandingRun.of(context, prompt.batch()).lastLogits();
        boolean mlps = context.model().config().block().hasMlp();
        for (int layer = 0; layer < context.model().config().dims().layers(); layer++) {
            request.capture(HookSite.of(SiteKind.Z, layer));
            if (mlps) {
                request.capture(HookSite.of(SiteKind.MLP_OUT, layer));
            }
        }
        return request.build();
    }
}
