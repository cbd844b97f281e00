package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.generate.GenerationRequest;
import org.headscope.hooks.generate.Generator;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/** Where a response plans ahead and what it anchors itself to, by how far local heads look and what far ones look back at. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class AttentionRhythm implements Analysis<AttentionRhythm.Parameters, Findings> {
    /**
     * Parameters.
     *
     * @param prompt what the model reads
     * @param response what it answered, or null to let it
     * @param tokens how long it may answer
     * @param share share of heads that are local, and that are global
     * @param window distances are cut off at this
     * @param near nearest tokens further on that count
     * @param far furthest
     * @param peaks share of tokens that are peaks
     * @param lookback tokens before an anchor that may introduce it
     * @param gain credit of an anchor
     * @param toIntro share of the credit that goes to the introducing token
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads.") Prompt prompt,
            @Param(
                            label = "Response",
                            help = "What it answered, with its leading space; without one, what it says greedily.")
                    @Nullable
                    Prompt response,
            @Param(
                            label = "Tokens",
                            min = 2,
                            max = 65536,
                            defaultValue = "64",
                            help = "How many tokens to generate when no response is given.")
                    int tokens,
            @Param(
                            label = "Share of heads",
                            min = 0.01,
                            max = 0.5,
                            defaultValue = "0.3",
                            help = "Heads with the shortest spans are local, as many with the longest are global.")
                    double share,
            @Param(
                            label = "Window",
                            unit = "tokens",
                            min = 1,
                            defaultValue = "10",
                            help = "Distances of local attention are cut off at this.")
                    int window,
            @Param(
                            label = "Near",
                            unit = "tokens",
                            min = 1,
                            defaultValue = "10",
                            help = "Attention to a token counts from so many tokens further on.")
                    int near,
            @Param(
                            label = "Far",
                            unit = "tokens",
                            min = 1,
                            defaultValue = "100",
                            help = "It counts up to so many tokens further on.")
                    int far,
            @Param(
                            label = "Peaks",
                            min = 0.01,
                            max = 1,
                            defaultValue = "0.4",
                            help = "Share of the response's tokens that are peaks of either kind.")
                    double peaks,
            @Param(
                            label = "Look-back",
                            unit = "tokens",
                            min = 1,
                            max = 3,
                            defaultValue = "2",
                            help = "How many tokens before an anchor may introduce it.")
                    int lookback,
            @Param(label = "Gain", min = 0, defaultValue = "1.5", help = "Credit of an anchor; other tokens have 1.")
                    double gain,
            @Param(
                            label = "To the introduction",
                            min = 0,
                            max = 1,
                            defaultValue = "0.5",
                            help = "Share of an anchor's credit that goes to the token that introduces it.")
                    double toIntro) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("attention-rhythm", "Attention rhythm (WAAD and FAI)", AnalysisInfo.Area.DETECT)
                .measures(
                        "At which tokens of a response local attention jumps, and which tokens later ones look back at.")
                .formula(
                        "span d = mean over t in the response of sum_s A[t,s] (t-s); local heads: lowest 30 % by d, global: "
                                + "highest 30 %; WAAD_t = sum_s A_local[t,s] min(t-s, W); FAI_s = mean over t in the response with "
                                + "s+near <= t <= s+far of A_global[t,s]; delta_t = |WAAD_t - WAAD_{t+1}|; peaks: top 40 % of delta, "
                                + "of FAI; credit = 1 + (g-1) (1 for anchors not dominated, 1-a for dominated ones, a for what "
                                + "introduces those)")
                .source("Li et al. 2510.13554")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Span, WAAD, FAI, delta and peaks as in the paper. Reconstructed: an anchor is dominated when its "
                                + "WAAD is at most the median of the response and a peak of delta lies within the look-back "
                                + "(the paper's thresholds are not known), its introduction is the largest delta there, and "
                                + "a = 0.5. Ties go to earlier heads and tokens. Heads that attend to the first token look "
                                + "global: the second grid leaves that token out. Layers with a window shorter than the "
                                + "text are left out where others see all of it.")
                .cost("One forward, and one step per token when the response is generated.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean scoresHeads() {
        return true;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return parameters.response() == null ? 2 : 1;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        ModelConfig config = context.model().config();
        if (!config.attention().causal()) {
            throw new HeadscopeException(
                    "A " + config.family() + " model reads in both directions and gives no response, "
                            + "so there is no rhythm. Use attention-pattern.");
        }
        if (parameters.far() < parameters.near()) {
            throw ParameterException.refused(
                    "far", Integer.toString(parameters.far()), "a number from --near " + parameters.near() + " on");
        }
        int[] prompt = EncodedPrompt.of(context, "prompt", parameters.prompt()).ids();
        progress.report(0, 2, "response");
        int[] ids = text(context, parameters, prompt);
        progress.checkCancelled();
        progress.report(1, 2, "attention");
        var horizon = new RhythmTally.Horizon(prompt.length, parameters.window(), parameters.near(), parameters.far());
        RhythmTally tally = new RhythmTally(config.dims().layers(), ids.length, horizon);
        List<ReceiptSummary> standing = new SiteScan(
                        context,
                        HookSite.perLayer(config.dims().layers(), SiteKind.PATTERN),
                        (pattern, point, first) ->
                                tally.read(pattern, point.site().layer()))
                .run(new int[][] {ids}, done -> progress.checkCancelled());
        RhythmHeads heads = RhythmHeads.of(config.dims(), layers(config, ids.length), tally.span(), parameters.share());
        var rules =
                new Rhythm.Rules(parameters.peaks(), parameters.lookback(), parameters.gain(), parameters.toIntro());
        var rhythm = new Rhythm(tally.waad(heads.local()), tally.fai(heads.global()), prompt.length, rules);
        return new ScanFindings(new RhythmReport(context, ids, tally, heads, rhythm).panels(), standing);
    }

    /** Prompt and response. */
    private static int[] text(AnalysisContext context, Parameters parameters, int[] prompt) {
        int[] response = parameters.response() == null
                ? said(context, parameters, prompt)
                : given(context, parameters.response());
        if (response.length <= parameters.near()) {
            throw ParameterException.refused(
                    parameters.response() == null ? "tokens" : "response",
                    response.length + " tokens",
                    "more than --near " + parameters.near() + " tokens: nothing can look back otherwise");
        }
        int[] all = Arrays.copyOf(prompt, prompt.length + response.length);
        System.arraycopy(response, 0, all, prompt.length, response.length);
        TokenBatch.of(all).check(context.model().config().dims());
        return all;
    }

    private static int[] given(AnalysisContext context, Prompt response) {
        PromptTokens tokens = context.prompts().encode("response", response);
        return tokens.ids().stream()
                .skip(tokens.bosPrepended() ? 1 : 0)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static int[] said(AnalysisContext context, Parameters parameters, int[] prompt) {
        int room = context.model().config().dims().context() - prompt.length;
        int tokens = Math.min(parameters.tokens(), room);
        if (tokens < 1) {
            throw new HeadscopeException("The prompt fills the model's context of "
                    + context.model().config().dims().context() + " tokens, so nothing can follow. Shorten it.");
        }
        return new Generator(context.model())
                .run(GenerationRequest.greedy(prompt, tokens)
                        .edits(new Interventions(context.model().config()).compile(context.standing())))
                .ids();
    }

    /** Layers that see the whole text, or all of them when none does. */
    private static List<Integer> layers(ModelConfig config, int length) {
        List<LayerAttention> attention = config.attention().layers();
        List<Integer> whole = IntStream.range(0, attention.size())
                .filter(l -> attention.get(l).window() == 0 || attention.get(l).window() >= length)
                .boxed()
                .toList();
        return whole.isEmpty() ? IntStream.range(0, attention.size()).boxed().toList() : whole;
    }
}
