package org.headscope.analysis.sparse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.HookEdit;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Scores of old keys from keys whose small changes are left out; the latest keys of every query stay exact. */
final class DeltaEdits {
    private final ModelConfig config;
    private final double theta;
    private final int window;
    private double sparsity;
    private double saved;
    private int layersSeen;

    DeltaEdits(ModelConfig config, double theta, int window) {
        this.config = config;
        this.theta = theta;
        this.window = window;
    }

    /** Edits of all layers, for one run of one text from its beginning. */
    List<SiteEdit> all() {
        List<SiteEdit> edits = new ArrayList<>();
        for (int layer = 0; layer < config.dims().layers(); layer++) {
            edits.addAll(of(layer));
        }
        return edits;
    }

    /** Edits of one layer, for one run of one text from its beginning. */
    List<SiteEdit> of(int layer) {
        List<SiteEdit> edits = new ArrayList<>();
        Map<HookSite, NDArray> seen = new HashMap<>();
        List<HookSite> sites = LayerVectors.sites(config, layer).subList(0, 2);
        for (HookSite site : sites) {
            edits.add(new HookEdit("deltas read " + site.name(), site, (value, point) -> {
                seen.put(site, value);
                return null;
            }));
        }
        edits.add(new Scores(layer, sites, seen));
        return edits;
    }

    /** Mean share of components left out, over heads and layers of all runs so far. */
    double sparsity() {
        return layersSeen == 0 ? Double.NaN : sparsity / layersSeen;
    }

    /** Mean share of products of queries and keys that need not be computed, over layers of all runs so far. */
    double saved() {
        return layersSeen == 0 ? Double.NaN : saved / layersSeen;
    }

    private final class Scores implements SiteEdit {
        private final int layer;
        private final List<HookSite> sites;
        private final Map<HookSite, NDArray> seen;

        Scores(int layer, List<HookSite> sites, Map<HookSite, NDArray> seen) {
            this.layer = layer;
            this.sites = sites;
            this.seen = seen;
        }

        @Override
        public HookSite site() {
            return HookSite.of(SiteKind.ATTN_SCORES, layer);
        }

        @Override
        public List<String> labels() {
            return List.of("deltas of layer " + layer);
        }

        @Override
        public NDArray apply(NDArray value, HookPoint point, ReceiptBook book) {
            NDArray q = seen.get(sites.get(0));
            NDArray k = seen.get(sites.get(1));
            if (q == null
                    || k == null
                    || point.context().first() > 0
                    || value.getShape().get(0) > 1) {
                throw new HeadscopeException("Deltas of keys are taken in whole single texts only, not step by step.");
            }
            NDManager manager = value.getManager();
            DeltaKeys deltas = DeltaKeys.of(k.toFloatArray(), config.dims(), theta);
            count(deltas);
            NDArray kept = manager.create(deltas.kept(), k.getShape());
            NDArray change = products(q, kept).sub(products(q, k)).mul(outside(manager, value.getShape()));
            try (NDArray largest = change.abs().max()) {
                book.fired(labels().get(0), largest.getFloat());
            }
            return value.add(change);
        }

        private void count(DeltaKeys deltas) {
            double sum = 0;
            for (double share : deltas.sparsity(config.dims())) {
                sum += share / config.dims().kvHeads();
            }
            sparsity += sum;
            saved += deltas.saved(config.dims(), window);
            layersSeen++;
        }

        /** Scaled and, where the model does that, capped: {@code [1, head, q_pos, k_pos]}. */
        private NDArray products(NDArray q, NDArray k) {
            Dims dims = config.dims();
            long length = q.getShape().get(1);
            NDArray scaled = q.mul(config.attention().layers().get(layer).scale());
            NDArray queries = scaled.transpose(0, 2, 1, 3)
                    .reshape(new Shape(1, dims.kvHeads(), dims.group() * length, dims.dHead()));
            NDArray products = queries.matMul(Alias.of(k, q.getManager()).transpose(0, 2, 3, 1))
                    .reshape(new Shape(1, dims.heads(), length, length));
            Double cap = config.attention().softcap();
            return cap == null ? products : products.div(cap).tanh().mul(cap);
        }

        /** 1 for keys before the window of a query. */
        private NDArray outside(NDManager manager, Shape shape) {
            int length = (int) shape.get(2);
            float[] outside = new float[length * length];
            for (int query = window; query < length; query++) {
                for (int key = 0; key <= query - window; key++) {
                    outside[query * length + key] = 1;
                }
            }
            return manager.create(outside, new Shape(1, 1, length, length));
        }
    }
}
