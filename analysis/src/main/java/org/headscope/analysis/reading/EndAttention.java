package org.headscope.analysis.reading;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.Collection;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** What every head attends to from the last position of one prompt. Only that row of each pattern is kept. */
public final class EndAttention {
    private final Dims dims;
    private final int length;
    /** {@code [layer][head * pos]}. */
    private final float[][] rows;

    private EndAttention(Dims dims, int length) {
        this.dims = dims;
        this.length = length;
        this.rows = new float[dims.layers()][];
    }

    /**
     * Runs one prompt under the standing interventions.
     *
     * @param context the model and what stands
     * @param prompt token ids
     * @return its last rows of attention
     */
    public static EndAttention of(AnalysisContext context, int[] prompt) {
        EndAttention ends = new EndAttention(context.model().config().dims(), prompt.length);
        RunRequest.Builder request =
                StandingRun.of(context, TokenBatch.of(prompt)).lastLogits();
        NDIndex last = new NDIndex().addAllDim().addAllDim().addIndices(prompt.length - 1);
        for (int l = 0; l < ends.dims.layers(); l++) {
            int layer = l;
            request.hook("last row " + l, HookSite.of(SiteKind.PATTERN, l), (value, point) -> {
                try (NDArray row = value.get(last)) {
                    ends.rows[layer] = row.toFloatArray();
                }
                return null;
            });
        }
        try (RunResult run = context.model().run(request.build())) {
            return ends;
        }
    }

    /**
     * How much of its attention every head gives to some positions.
     *
     * @param positions which
     * @return shares from 0 to 1, {@code [layer * heads + head]}
     */
    public double[] mass(Collection<Integer> positions) {
        double[] mass = new double[dims.layers() * dims.heads()];
        for (int i = 0; i < mass.length; i++) {
            int start = i % dims.heads() * length;
            for (int position : positions) {
                mass[i] += rows[i / dims.heads()][start + position];
            }
        }
        return mass;
    }
}
