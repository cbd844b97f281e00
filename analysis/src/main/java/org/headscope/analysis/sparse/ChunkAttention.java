package org.headscope.analysis.sparse;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.run.HookEdit;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/**
 * Attention in which every head of every query reads only the chunks it chose. With rotary positions the chosen chunks are
 * moved together, so that the query sees them as one text without gaps; other kinds of positions stay what they are.
 */
final class ChunkAttention {
    private final ModelConfig config;
    private final ChunkPlan plan;
    private final @Nullable Long seed;

    /** {@code seed}: null for chunks by score, otherwise chunks are drawn at random. */
    ChunkAttention(ModelConfig config, ChunkPlan plan, @Nullable Long seed) {
        this.config = config;
        this.plan = plan;
        this.seed = seed;
    }

    /** Edits for one run of one text from its beginning. */
    List<SiteEdit> edits() {
        List<SiteEdit> edits = new ArrayList<>();
        for (int layer = 0; layer < config.dims().layers(); layer++) {
            Map<HookSite, float[]> seen = new HashMap<>();
            for (HookSite site : LayerVectors.sites(config, layer)) {
                edits.add(new HookEdit("chunks read " + site.name(), site, (value, point) -> {
                    seen.put(site, value.toFloatArray());
                    return null;
                }));
            }
            edits.add(new Scores(layer, seen));
        }
        return edits;
    }

    /** Makes the scores of a layer anew for all queries that have to choose. */
    private final class Scores implements SiteEdit {
        private final int layer;
        private final Map<HookSite, float[]> seen;

        Scores(int layer, Map<HookSite, float[]> seen) {
            this.layer = layer;
            this.seen = seen;
        }

        @Override
        public HookSite site() {
            return HookSite.of(SiteKind.ATTN_SCORES, layer);
        }

        @Override
        public List<String> labels() {
            return List.of("chunks of layer " + layer);
        }

        @Override
        public NDArray apply(NDArray value, HookPoint point, ReceiptBook book) {
            if (point.context().first() > 0 || value.getShape().get(0) > 1) {
                throw new HeadscopeException("Chunks are chosen in whole single texts only, not step by step.");
            }
            int length = (int) value.getShape().get(2);
            if (!plan.chooses(length - 1)) {
                book.fired(labels().get(0), 0);
                return value;
            }
            float[] scores = value.toFloatArray();
            Rewrite rewrite = new Rewrite(vectors(), scores, length);
            for (int head = 0; head < config.dims().heads(); head++) {
                rewrite.head(head, chooser(head));
            }
            book.fired(labels().get(0), rewrite.change);
            return value.getManager().create(scores, value.getShape());
        }

        private LayerVectors vectors() {
            List<HookSite> sites = LayerVectors.sites(config, layer);
            return new LayerVectors(
                    config.dims(), config.attention().layers().get(layer), at(sites, 0), at(sites, 1), at(sites, 2));
        }

        private float[] at(List<HookSite> sites, int which) {
            float[] values = seen.get(sites.get(which));
            if (values == null) {
                throw new IllegalStateException(sites.get(which) + " was not seen before the scores");
            }
            return values;
        }

        private @Nullable SplittableRandom chooser(int head) {
            return seed == null
                    ? null
                    : new SplittableRandom(
                            seed * 31 + layer * (long) config.dims().heads() + head);
        }
    }

    /** Scores of one layer under way. */
    private final class Rewrite {
        private final LayerVectors vectors;
        private final float[] scores;
        private final int length;
        private double change;

        Rewrite(LayerVectors vectors, float[] scores, int length) {
            this.vectors = vectors;
            this.scores = scores;
            this.length = length;
        }

        void head(int head, @Nullable SplittableRandom random) {
            ChunkKeys keys = new ChunkKeys(vectors, head, plan.chunk());
            for (int query = plan.budget(); query < length; query++) {
                double[] by = random == null
                        ? keys.scores(query)
                        : random.doubles(length / plan.chunk() + 1L).toArray();
                row(head, query, plan.chosen(by, query));
            }
        }

        private void row(int head, int query, int[] chosen) {
            int from = (head * length + query) * length;
            float[] row = new float[length];
            Arrays.fill(row, Float.NEGATIVE_INFINITY);
            for (int rank = 0; rank < chosen.length; rank++) {
                // The query's own chunk is the last one: its distance to itself stays, others come closer.
                int closer = (query / plan.chunk() - chosen[rank]) - (chosen.length - 1 - rank);
                double[] q = vectors.query(head, query, -closer * plan.chunk());
                int end = Math.min(query, (chosen[rank] + 1) * plan.chunk() - 1);
                for (int key = chosen[rank] * plan.chunk(); key <= end; key++) {
                    row[key] = score(head, key, q, scores[from + key], closer);
                }
            }
            System.arraycopy(row, 0, scores, from, length);
        }

        /** Scores of chunks that did not move are those of the run, and what others hide stays hidden. */
        private float score(int head, int key, double[] query, float old, int closer) {
            if (closer == 0 || vectors.attention().rope() == null || old == Float.NEGATIVE_INFINITY) {
                return old;
            }
            double raw = vectors.attention().scale() * ChunkKeys.dot(query, vectors.key(head, key, 0));
            Double cap = config.attention().softcap();
            double score = cap == null ? raw : cap * Math.tanh(raw / cap);
            change = Math.max(change, Math.abs(score - old));
            return (float) score;
        }
    }

    /** Why a model cannot read chunks, or null. */
    static @Nullable String refusal(ModelConfig config) {
        Dims dims = config.dims();
        if (!config.attention().causal()) {
            return "it reads in both directions, so a query has no chunks behind it";
        }
        for (int layer = 0; layer < dims.layers(); layer++) {
            if (config.attention().layers().get(layer).window() > 0) {
                return "layer " + layer
                        + " sees a sliding window only, so its heads could not read the chunks they chose";
            }
        }
        return null;
    }
}
