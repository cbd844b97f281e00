package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.BlockWeights;
import org.jspecify.annotations.Nullable;

/** Splits readouts of prompts of equal length into what every part of the model writes towards them. */
final class Decomposition implements AutoCloseable {
    private final HookedTransformer model;
    private final Dims dims;
    private final int logitsFrom;
    private final RunResult run;
    private final PositionRows rows;
    private final ReadoutPaths readouts;
    private final @Nullable SourceRows sources;

    /**
     * Where a readout is taken.
     *
     * @param prompt index in the batch
     * @param position absolute position
     */
    record Place(int prompt, int position) {}

    /**
     * Runs the prompts once.
     *
     * @param context model and standing interventions
     * @param readouts ways to what will be read
     * @param tokens the prompts
     * @param logitsFrom first position that will be read
     * @param sources keeps attention and values for a split by source token, or null
     */
    Decomposition(
            AnalysisContext context,
            ReadoutPaths readouts,
            TokenBatch tokens,
            int logitsFrom,
            @Nullable SourceRows sources) {
        this.model = context.model();
        this.dims = model.config().dims();
        this.logitsFrom = logitsFrom;
        this.readouts = readouts;
        this.sources = sources;
        RunRequest.Builder request =
                StandingRun.of(context, tokens).capture(sites(model)).logitsFrom(logitsFrom);
        if (sources != null) {
            sources.watch(request);
        }
        this.run = model.run(request.build());
        this.rows = new PositionRows(run, tokens.size(), logitsFrom);
    }

    private static List<HookSite> sites(HookedTransformer model) {
        List<HookSite> wanted = new ArrayList<>();
        wanted.add(HookSite.global(SiteKind.POS_EMBED));
        wanted.add(HookSite.of(SiteKind.RESID_PRE, 0));
        wanted.add(HookSite.global(SiteKind.LN_FINAL_SCALE));
        for (int l = 0; l < model.config().dims().layers(); l++) {
            wanted.add(HookSite.of(SiteKind.Z, l));
            wanted.add(HookSite.of(SiteKind.LN1_POST_SCALE, l));
            wanted.add(HookSite.of(SiteKind.MLP_OUT, l));
        }
        return wanted.stream().filter(model.sites()::has).toList();
    }

    /** What the model itself says of a readout. */
    double actual(Readout readout, Place place) {
        try (NDManager temporary = run.manager().newSubManager()) {
            int at = place.position - logitsFrom;
            float[] logits = Alias.rows(run.logits(), at, at + 1, temporary).toFloatArray();
            int from = place.prompt * dims.vocab();
            return readout.of(logits, from, dims.vocab(), model.config().unembed());
        }
    }

    List<Receipt> receipts() {
        return run.receipts().stream()
                .filter(receipt -> !receipt.label().startsWith(SourceRows.LABEL))
                .toList();
    }

    /** What every part contributes to a readout. */
    Contributions of(Readout readout, Place place) {
        FrozenPath path = path(readout, place);
        Contributions parts = new Contributions(dims, path.constant());
        embeddings(path, parts, place);
        for (int l = 0; l < dims.layers(); l++) {
            attention(l, path, parts, place);
            HookSite mlp = HookSite.of(SiteKind.MLP_OUT, l);
            if (model.sites().has(mlp)) {
                parts.mlp(l, path.of(row(mlp, place)));
            }
        }
        return parts;
    }

    /** The way from the final residual stream. */
    private FrozenPath path(Readout readout, Place place) {
        double scale = scale(HookSite.global(SiteKind.LN_FINAL_SCALE), place);
        return readouts.of(readout).behind(model.weights().unembed().finalNorm(), norm(), scale);
    }

    private NormSpec.Kind norm() {
        return model.config().block().norm().kind();
    }

    private void embeddings(FrozenPath path, Contributions parts, Place place) {
        double all = path.of(row(HookSite.of(SiteKind.RESID_PRE, 0), place));
        HookSite positions = HookSite.global(SiteKind.POS_EMBED);
        // A norm on the embeddings mixes token and position, so that they are one part.
        if (model.sites().has(positions) && model.weights().embed().norm() == null) {
            double position = path.of(row(positions, place));
            parts.embeddings(all - position, position);
        } else {
            parts.embeddings(all, Double.NaN);
        }
    }

    private void attention(int layer, FrozenPath path, Contributions parts, Place place) {
        FrozenPath written = written(layer, path, place);
        double[][] perZ = throughOutput(layer, written);
        double[] z = row(HookSite.of(SiteKind.Z, layer), place);
        for (int h = 0; h < dims.heads(); h++) {
            double sum = 0;
            for (int e = 0; e < dims.dHead(); e++) {
                sum += z[h * dims.dHead() + e] * perZ[h][e];
            }
            parts.head(layer, h, sum);
        }
        NDArray bias = block(layer).attention().o().bias();
        double own = bias == null ? 0 : written.of(FrozenPath.doubles(bias));
        parts.attentionBias(layer, own + written.constant() - path.constant());
    }

    /**
     * The contribution of every head from every source token, {@code [position, head]}, which add up to its contribution.
     * NaN for heads whose output is not attention times values, because an intervention changed it behind attention.
     */
    double[][] sources(int layer, Readout readout, Place place) {
        if (sources == null) {
            throw new IllegalStateException("This run kept no attention.");
        }
        double[][] perZ = throughOutput(layer, written(layer, path(readout, place), place));
        double[] z = row(HookSite.of(SiteKind.Z, layer), place);
        return sources.split(run.cache(), layer, perZ, z);
    }

    private BlockWeights block(int layer) {
        return model.weights().blocks().get(layer);
    }

    private FrozenPath written(int layer, FrozenPath path, Place place) {
        return path.behind(
                block(layer).norms().ln1Post(), norm(), scale(HookSite.of(SiteKind.LN1_POST_SCALE, layer), place));
    }

    /** The direction seen from the outputs of the heads, {@code [head, d_head]}. */
    private double[][] throughOutput(int layer, FrozenPath written) {
        float[] floats = new float[written.direction().length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) written.direction()[i];
        }
        try (NDManager scratch = run.manager().newSubManager()) {
            NDArray row = scratch.create(floats, new Shape(1, floats.length));
            double[] flat =
                    FrozenPath.doubles(row.matMul(block(layer).attention().o().weight()));
            double[][] perHead = new double[dims.heads()][];
            Arrays.setAll(perHead, h -> Arrays.copyOfRange(flat, h * dims.dHead(), (h + 1) * dims.dHead()));
            return perHead;
        }
    }

    /** The scale of a norm at the position; 1 where the model has no such norm. */
    private double scale(HookSite site, Place place) {
        return model.sites().has(site) ? row(site, place)[0] : 1;
    }

    private double[] row(HookSite site, Place place) {
        return rows.of(site, place.prompt, place.position);
    }

    @Override
    public void close() {
        run.close();
    }
}
