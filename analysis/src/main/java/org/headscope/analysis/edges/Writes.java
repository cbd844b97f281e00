package org.headscope.analysis.edges;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;

/**
 * What every part wrote in one run, under the standing interventions. Close it to free it.
 *
 * @param all {@code [batch, writer, pos * d_model]}
 * @param logits of the last position, {@code [batch, vocab]} row by row
 * @param receipts of what stands
 * @param manager owns the array
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record Writes(NDArray all, float[] logits, List<Receipt> receipts, NDManager manager) implements AutoCloseable {
    /** Runs the model once. */
    static Writes of(AnalysisContext context, EdgeSpace space, TokenBatch tokens) {
        NDManager owner = context.model().newManager();
        try (RunResult run = context.model()
                        .run(StandingRun.of(context, tokens)
                                .capture(sites(space))
                                .lastLogits()
                                .build());
                NDManager temporary = run.manager().newSubManager()) {
            List<NDArray> parts = new ArrayList<>();
            sites(space).forEach(site -> parts.add(flat(Alias.of(run.cache().get(site), temporary))));
            NDArray all = join(parts);
            all.attach(owner);
            return new Writes(all, run.logits().toFloatArray(), run.receipts(), owner);
        } catch (Throwable e) {
            owner.close();
            throw e;
        }
    }

    /** Where writers are seen, in their order. */
    static Set<HookSite> sites(EdgeSpace space) {
        Set<HookSite> sites = new LinkedHashSet<>();
        space.writers().forEach(writer -> sites.add(writer.site()));
        return sites;
    }

    /** From {@code [batch, pos, d_model]} or {@code [batch, pos, part, d_model]} to {@code [batch, part, pos * d_model]}. */
    static NDArray flat(NDArray x) {
        Shape s = x.getShape();
        return s.dimension() == 3
                ? x.reshape(new Shape(s.get(0), 1, s.get(1) * s.get(2)))
                : x.transpose(0, 2, 1, 3).reshape(new Shape(s.get(0), s.get(2), s.get(1) * s.get(3)));
    }

    /** One after the other along the axis of parts. */
    static NDArray join(List<NDArray> parts) {
        return NDArrays.concat(new NDList(parts), 1);
    }

    /** Back to the shape of a site: the inverse of {@link #flat}. */
    static NDArray shaped(NDArray flat, Shape site) {
        if (site.dimension() == 3) {
            return flat.reshape(site);
        }
        Shape parts = new Shape(site.get(0), site.get(2), site.get(1), site.get(3));
        return flat.reshape(parts).transpose(0, 2, 1, 3);
    }

    @Override
    public void close() {
        manager.close();
    }
}
