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
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/** What heads and MLPs send to some later place along direct paths only, all other heads held where they were. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class PathPatching implements Analysis<PathPatching.Parameters, Findings> {
    /* Clean, corrupt, and the base of the sweep. */
    private static final int THREE = 3;

    /** Where paths end. */
    public enum Receiver {
        /** The final residual stream: the direct effect on the logits. */
        LOGITS(null),
        /** Queries of some heads. */
        Q(SiteKind.Q),
        /** Keys of some key-value heads. */
        K(SiteKind.K),
        /** Values of some key-value heads. */
        V(SiteKind.V),
        /** What some MLPs read, before their norm. */
        MLP(SiteKind.MLP_IN);

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
     * @param heads receiving heads, or layers of receiving MLPs
     * @param mlps what MLPs on the way do
     * @param senders what is moved together; empty for every head and every MLP by itself
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
                            help = "For q, k and v: layer.head, separated by commas; key-value heads for k and v. For"
                                    + " mlp: layers.")
                    List<String> heads,
            @Param(
                            label = "MLPs on the way",
                            defaultValue = "recomputed",
                            help = "Recomputed as in Wang et al., or frozen for strictly direct paths.")
                    Mlps mlps,
            @Param(
                            label = "Senders",
                            defaultValue = "",
                            help =
                                    "What is moved, such as 3.1, mlp 3, attn 3, layer 3; joined by + what moves together."
                                            + " Without any, every head and every MLP by itself.")
                    List<String> senders) {
        /** Copies the lists. */
        public Parameters {
            heads = List.copyOf(heads);
            senders = List.copyOf(senders);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("path-patch", "Path patching", AnalysisInfo.Area.PATCH)
                .measures(
                        "How much of the answer each head and MLP carries to the logits, into queries, keys or values of"
                                + " later heads, or into later MLPs, along direct paths.")
                .formula(
                        "Clean run; z or MLP output of the senders from the corrupt run; z of all other heads frozen at"
                                + " clean; receivers"
                                + " set to what they then get, everything behind them recomputed. Effect: (LD_clean - LD_patched) /"
                                + " (LD_clean - LD_corrupt), LD = logit[answer] - logit[foil]")
                .source("Wang et al. 2211.00593 (MLPs recomputed); Goldowsky-Dill et al. 2304.05969 (MLPs frozen)")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Norms are recomputed, not linearised as in TransformerLens' direct paths (direct-path-patch)."
                                + " Senders are patched at all positions at once; on the way to the logits only the last"
                                + " one counts, since nothing moves between positions while heads are frozen. Senders"
                                + " that no path leads from have exactly 0.")
                .cost("Three forwards, and the MLPs between sender and receiver at the last position per sender."
                        + " Receivers other than the logits: those MLPs at all positions from the first change on,"
                        + " and one partial forward from the receiver's layer, per sender.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        ModelConfig config = context.model().config();
        List<PathSender> senders = senders(config, parameters);
        if (parameters.receiver() == Receiver.LOGITS) {
            // Half of the MLPs, which are two thirds of a block, at one of some ten positions.
            return THREE + senders.size() / 30.0;
        }
        double layers = config.dims().layers();
        int last = PathReceivers.of(context, parameters).lastBlock();
        return THREE
                + senders.stream()
                        .filter(sender -> sender.entry() <= last)
                        .mapToDouble(sender -> (last + 1 - sender.entry()) * 2 / (3 * layers) + 1 - last / layers)
                        .sum();
    }

    private static List<PathSender> senders(ModelConfig config, Parameters parameters) {
        return parameters.senders().isEmpty()
                ? PathSender.alone(config)
                : PathSender.parse("senders", parameters.senders(), config);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        PatchPair pair = PatchPair.of(context, noising(parameters));
        PathReceivers receivers = PathReceivers.of(context, parameters);
        List<PathSender> senders = senders(context.model().config(), parameters);
        progress.report(0, 0, "clean and corrupt run");
        try (RunResult here = context.model().run(clean(context, pair.base(), receivers));
                RunResult there = context.model().run(corrupt(context, pair.other()))) {
            PatchGap gap = new PatchGap(pair.difference(here), pair.difference(there), ActivationPatching.Mode.NOISE);
            gap.requireWide();
            PathRuns runs = new PathRuns(context, pair, here, there);
            PathSweep.Outcome outcome =
                    new PathSweep(runs, parameters.mlps(), receivers).run(senders, gap.clean(), progress);
            PathFindings findings = new PathFindings(runs, gap, receivers, parameters.mlps());
            return parameters.senders().isEmpty() ? findings.alone(senders, outcome) : findings.named(senders, outcome);
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

    /** What is frozen, and what receivers have without any sender. */
    private static RunRequest clean(AnalysisContext context, EncodedPrompt prompt, PathReceivers receivers) {
        RunRequest.Builder request = StandingRun.of(context, prompt.batch())
                .capture(receivers.sites())
                .lastLogits();
        if (context.model().config().block().hasMlp()) {
            capture(request, SiteKind.MLP_OUT, context);
        }
        return request.build();
    }

    /** What is sent. */
    private static RunRequest corrupt(AnalysisContext context, EncodedPrompt prompt) {
        RunRequest.Builder request = StandingRun.of(context, prompt.batch()).lastLogits();
        capture(request, SiteKind.Z, context);
        if (context.model().config().block().hasMlp()) {
            capture(request, SiteKind.MLP_OUT, context);
        }
        return request.build();
    }

    private static void capture(RunRequest.Builder request, SiteKind kind, AnalysisContext context) {
        for (int layer = 0; layer < context.model().config().dims().layers(); layer++) {
            request.capture(HookSite.of(kind, layer));
        }
    }
}
