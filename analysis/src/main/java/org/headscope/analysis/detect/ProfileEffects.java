package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.metric.MeanLoss;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.Scalar;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;

/** What the next-token loss of every sequence owes to every head. */
final class ProfileEffects {
    private final AnalysisContext context;
    private final SinkSequences of;
    private final Progress progress;
    private final Dims dims;

    ProfileEffects(AnalysisContext context, SinkSequences of, Progress progress) {
        this.context = context;
        this.of = of;
        this.progress = progress;
        this.dims = context.model().config().dims();
    }

    /** Rise of the loss without each head. */
    HeadScores ablation(Ablation how) {
        List<SweepCell> cells = new ArrayList<>();
        for (int l = 0; l < dims.layers(); l++) {
            for (int h = 0; h < dims.heads(); h++) {
                cells.add(SweepCell.of(new Intervention.Ablate(new Target.Head(l, h), how)));
            }
        }
        HeadScores scores = new HeadScores(dims);
        for (int[] ids : of.ids()) {
            TokenBatch tokens = TokenBatch.of(ids);
            String name = how.mode().label() + " ablation, sequence " + (scores.sequences() + 1);
            try (BaseRun base = BaseRun.of(context.model(), tokens, context.standing())) {
                ResumableSweep.Outcome outcome = new ResumableSweep(context, progress, name, values -> {})
                        .run(base, cells, new MeanLoss(tokens));
                int row = scores.open();
                for (int i = 0; i < cells.size(); i++) {
                    scores.set(row, i / dims.heads(), i % dims.heads(), outcome.values()[i] - outcome.base());
                }
            }
        }
        return scores;
    }

    /** Size of the slope of the loss along a gate on each head's output, at the full model. */
    HeadScores gateGradient() {
        List<HookSite> sites = HookSite.perLayer(dims.layers(), SiteKind.Z);
        Gradients gradients = new Gradients(context.model());
        HeadScores scores = new HeadScores(dims);
        for (int[] ids : of.ids()) {
            progress.checkCancelled();
            progress.report(scores.sequences(), of.ids().length, "gate gradients");
            var request =
                    StandingRun.of(context, TokenBatch.of(ids)).capture(sites).build();
            try (Gradients.Result result = gradients.of(request, logits -> loss(logits, ids))) {
                int row = scores.open();
                for (int l = 0; l < dims.layers(); l++) {
                    double[] slopes = slopes(result, sites.get(l));
                    for (int h = 0; h < slopes.length; h++) {
                        scores.set(row, l, h, Math.abs(slopes[h]));
                    }
                }
            }
        }
        return scores;
    }

    private double[] slopes(Gradients.Result result, HookSite site) {
        float[] z = result.activations().get(site).toFloatArray();
        float[] slope = result.gradients().get(site).toFloatArray();
        double[] sums = new double[dims.heads()];
        for (int i = 0; i < z.length; i++) {
            sums[i / dims.dHead() % dims.heads()] += (double) z[i] * slope[i];
        }
        return sums;
    }

    /** Mean next-token loss; the weights pick the right tokens, so that the backward pass needs no index. */
    private static NDArray loss(NDArray logits, int[] ids) {
        NDManager manager = logits.getManager();
        int vocab = (int) logits.getShape().get(2);
        float[] right = new float[ids.length * vocab];
        for (int t = 0; t + 1 < ids.length; t++) {
            right[t * vocab + ids[t + 1]] = 1;
        }
        try (NDArray fromJava = manager.create(right, new Shape(1, ids.length, vocab))) {
            NDArray picked = logits.logSoftmax(-1).mul(fromJava.duplicate());
            return picked.sum().mul(Scalar.of(-1.0 / (ids.length - 1), logits));
        }
    }
}
