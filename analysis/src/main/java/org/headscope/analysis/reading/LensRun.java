package org.headscope.analysis.reading;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.Forward;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.train.StreamTranslator;
import org.headscope.hooks.weights.ModelWeights;
import org.headscope.hooks.weights.UnembedWeights;

/** One run whose residual streams can be read through the model's own unembedding. Close it to free its memory. */
final class LensRun implements AutoCloseable {
    /* One layer's logits of all positions can be larger than the model: they are made 16 MiB at a time. */
    private static final int MOST_LOGITS = 1 << 22;

    private final RunResult run;
    private final List<HookSite> sites;
    private final boolean norm;
    private final Forward forward;
    private final int vocab;
    private final List<StreamTranslator> translators;

    private LensRun(
            HookedTransformer model,
            RunResult run,
            List<HookSite> sites,
            boolean norm,
            List<StreamTranslator> translators) {
        this.translators = translators;
        this.run = run;
        this.sites = sites;
        this.norm = norm;
        this.vocab = model.config().dims().vocab();
        this.forward =
                norm ? model.forward() : new Forward(model.config(), withoutFinalNorm(model.weights()), run.manager());
    }

    /** Runs a prompt under the standing interventions; {@code norm} tells whether the final norm is applied. */
    static LensRun of(AnalysisContext context, EncodedPrompt prompt, boolean norm) {
        List<HookSite> sites = sites(context.model().config().dims().layers());
        RunResult run = context.model()
                .run(StandingRun.of(context, prompt.batch()).capture(sites).build());
        return new LensRun(context.model(), run, sites, norm, List.of());
    }

    /** The same with every stream but the last translated before it is read. */
    static LensRun translated(AnalysisContext context, EncodedPrompt prompt, List<StreamTranslator> translators) {
        List<HookSite> sites = sites(context.model().config().dims().layers());
        RunResult run = context.model()
                .run(StandingRun.of(context, prompt.batch()).capture(sites).build());
        return new LensRun(context.model(), run, sites, true, translators);
    }

    /** The stream before every block, then behind the last. */
    static List<HookSite> sites(int layers) {
        return IntStream.rangeClosed(0, layers)
                .mapToObj(row -> row < layers
                        ? HookSite.of(SiteKind.RESID_PRE, row)
                        : HookSite.of(SiteKind.RESID_POST, layers - 1))
                .toList();
    }

    private static ModelWeights withoutFinalNorm(ModelWeights weights) {
        UnembedWeights out = weights.unembed();
        return new ModelWeights(
                weights.embed(),
                weights.blocks(),
                new UnembedWeights(null, out.project(), out.dense(), out.denseNorm(), out.unembed()));
    }

    /** Number of residual streams: one per block and the final one. */
    int rows() {
        return sites.size();
    }

    /** How many positions to ask for at once. */
    int step() {
        return Math.max(1, MOST_LOGITS / vocab);
    }

    /** What the model itself says at positions {@code from} to {@code to - 1}: {@code [pos][vocab]}. */
    double[][] said(int from, int to) {
        try (NDManager temporary = run.manager().newSubManager()) {
            return logProbabilities(Alias.rows(run.logits(), from, to, temporary));
        }
    }

    /**
     * What the lens reads in a residual stream at positions {@code from} to {@code to - 1}: {@code [pos][vocab]}. Through
     * the final norm the last stream says what the run itself said, with whatever acted on that norm.
     */
    double[][] read(int row, int from, int to) {
        if (norm && row == rows() - 1) {
            return said(from, to);
        }
        try (NDManager temporary = run.manager().newSubManager()) {
            NDArray stream = Alias.rows(run.cache().get(sites.get(row)), from, to, temporary);
            NDArray read = row < translators.size() ? translators.get(row).apply(stream) : stream;
            return logProbabilities(forward.unembed(read, from, forward.scope(temporary, SiteBus.NONE, null)));
        }
    }

    private double[][] logProbabilities(NDArray logits) {
        float[] floats = logits.toFloatArray();
        return IntStream.range(0, floats.length / vocab)
                .mapToObj(p -> LogProbabilities.row(floats, p, vocab))
                .toArray(double[][]::new);
    }

    /** Receipts of the standing interventions. */
    List<Receipt> receipts() {
        return run.receipts();
    }

    @Override
    public void close() {
        run.close();
    }
}
