package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.BlockWeights;

/** Splits a readout at one position into what every part of the model writes towards it. */
final class Decomposition implements AutoCloseable {
    private final HookedTransformer model;
    private final Dims dims;
    private final int position;
    private final RunResult run;
    private final NDManager temporary;

    Decomposition(AnalysisContext context, TokenBatch tokens, int position) {
        this.model = context.model();
        this.dims = model.config().dims();
        this.position = position;
        this.run = model.run(StandingRun.of(context, tokens)
                .capture(sites(model))
                .logitsFrom(position)
                .build());
        this.temporary = run.manager().newSubManager();
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

    /** Logits at the position, {@code [vocab]}. */
    float[] logits() {
        return Alias.rows(run.logits(), 0, 1, temporary).toFloatArray();
    }

    List<Receipt> receipts() {
        return run.receipts();
    }

    /** What every part contributes to a readout. */
    Contributions of(Readout readout) {
        FrozenPath end = readout.path(model);
        FrozenPath path = end.behind(
                model.weights().unembed().finalNorm(), norm(), scale(HookSite.global(SiteKind.LN_FINAL_SCALE)));
        Contributions parts = new Contributions(dims, path.constant());
        embeddings(path, parts);
        for (int l = 0; l < dims.layers(); l++) {
            attention(l, path, parts);
            HookSite mlp = HookSite.of(SiteKind.MLP_OUT, l);
            if (model.sites().has(mlp)) {
                parts.mlp(l, path.of(row(mlp)));
            }
        }
        return parts;
    }

    private NormSpec.Kind norm() {
        return model.config().block().norm().kind();
    }

    private void embeddings(FrozenPath path, Contributions parts) {
        double all = path.of(row(HookSite.of(SiteKind.RESID_PRE, 0)));
        HookSite positions = HookSite.global(SiteKind.POS_EMBED);
        // A norm on the embeddings mixes token and position, so that they are one part.
        if (model.sites().has(positions) && model.weights().embed().norm() == null) {
            double position = path.of(row(positions));
            parts.embeddings(all - position, position);
        } else {
            parts.embeddings(all, Double.NaN);
        }
    }

    private void attention(int layer, FrozenPath path, Contributions parts) {
        BlockWeights block = model.weights().blocks().get(layer);
        FrozenPath written =
                path.behind(block.norms().ln1Post(), norm(), scale(HookSite.of(SiteKind.LN1_POST_SCALE, layer)));
        double[] z = row(HookSite.of(SiteKind.Z, layer));
        double[] perZ = throughOutput(written.direction(), block.attention().o().weight());
        for (int h = 0; h < dims.heads(); h++) {
            double sum = 0;
            for (int e = h * dims.dHead(); e < (h + 1) * dims.dHead(); e++) {
                sum += z[e] * perZ[e];
            }
            parts.head(layer, h, sum);
        }
        NDArray bias = block.attention().o().bias();
        double own = bias == null ? 0 : written.of(FrozenPath.doubles(bias));
        parts.attentionBias(layer, own + written.constant() - path.constant());
    }

    /** {@code direction [d_model]} seen from the concatenated head outputs, {@code [head * d_head]}. */
    private double[] throughOutput(double[] direction, NDArray output) {
        float[] floats = new float[direction.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) direction[i];
        }
        try (NDManager scratch = temporary.newSubManager()) {
            NDArray row = scratch.create(floats, new Shape(1, floats.length));
            return FrozenPath.doubles(row.matMul(output));
        }
    }

    /** The scale of a norm at the position; 1 where the model has no such norm. */
    private double scale(HookSite site) {
        return model.sites().has(site) ? lastRow(site)[0] : 1;
    }

    private double[] row(HookSite site) {
        NDArray all = run.cache().get(site);
        return FrozenPath.doubles(Alias.rows(all, position, position + 1, temporary));
    }

    /** The final norm runs only from the position on whose logits are computed. */
    private double[] lastRow(HookSite site) {
        NDArray all = run.cache().get(site);
        int at = site.kind().perBlock() ? position : 0;
        return FrozenPath.doubles(Alias.rows(all, at, at + 1, temporary));
    }

    @Override
    public void close() {
        run.close();
    }
}
