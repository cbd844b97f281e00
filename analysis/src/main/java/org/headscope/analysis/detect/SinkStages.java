package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * How far a token and the primary sink of its sequence agree, stage by stage, in the MLP of one layer. When only the last
 * stage agrees, that MLP makes the sink.
 */
final class SinkStages {
    /** The stages, in the order of the columns. */
    private static final List<String> STAGES =
            List.of("input", "gate", "up", "act(gate)", "hidden", "down", "down against the state of the primary sink");

    private final AnalysisContext context;
    private final int[][] ids;
    private final Map<Place, Compared> compared = new LinkedHashMap<>();

    /**
     * A token in a layer, and the primary sink it is compared with.
     *
     * @param sequence which sequence
     * @param position where in it
     * @param layer which MLP
     * @param primary position of the primary sink
     */
    record Place(int sequence, int position, int layer, int primary) {}

    SinkStages(AnalysisContext context, int[][] ids) {
        this.context = context;
        this.ids = ids;
    }

    /** Runs the model once over the sequences that hold any of these places. */
    void read(List<Place> places, IntConsumer afterBatch) {
        places.forEach(place -> compared.put(place, new Compared()));
        TreeSet<Integer> sequences = new TreeSet<>();
        TreeSet<Integer> layers = new TreeSet<>();
        places.forEach(place -> sequences.add(place.sequence));
        places.forEach(place -> layers.add(place.layer));
        if (sequences.isEmpty()) {
            return;
        }
        List<Integer> order = List.copyOf(sequences);
        int[][] some = order.stream().map(sequence -> ids[sequence]).toArray(int[][]::new);
        new SiteScan(context, sites(layers), (value, point, first) -> {
                    int rows = (int) value.getShape().get(0);
                    int width = (int) value.getShape().get(2);
                    float[] flat = value.toFloatArray();
                    compared.forEach((place, cosines) -> {
                        int row = order.indexOf(place.sequence) - first;
                        if (place.layer == point.site().layer() && row >= 0 && row < rows) {
                            int from = row * ids[place.sequence].length;
                            float[] token = slice(flat, from + place.position, width);
                            float[] primary = slice(flat, from + place.primary, width);
                            cosines.stage(point.site().kind(), token, primary);
                        }
                    });
                })
                .run(some, afterBatch);
    }

    private static float[] slice(float[] flat, int row, int width) {
        return Arrays.copyOfRange(flat, row * width, (row + 1) * width);
    }

    /** The cosines of one place, and what a later stage still needs. */
    private static final class Compared {
        private static final float[] NONE = {};

        private final double[] cosines = new double[STAGES.size()];
        private float[] tokenUp = NONE;
        private float[] primaryUp = NONE;
        private float[] tokenDown = NONE;

        private Compared() {
            Arrays.fill(cosines, Double.NaN);
        }

        void stage(SiteKind kind, float[] token, float[] primary) {
            double cosine = Cosine.of(token, 0, primary, 0, token.length);
            switch (kind) {
                case LN2_NORMALIZED, MLP_IN -> cosines[0] = cosine;
                case MLP_PRE -> cosines[1] = cosine;
                case MLP_PRE_LINEAR -> {
                    cosines[2] = cosine;
                    tokenUp = token;
                    primaryUp = primary;
                }
                case MLP_POST -> {
                    float[] a = divided(token, tokenUp);
                    cosines[3] = Cosine.of(a, 0, divided(primary, primaryUp), 0, a.length);
                    cosines[4] = cosine;
                }
                case MLP_OUT -> {
                    cosines[5] = cosine;
                    tokenDown = token;
                }
                default -> cosines[6] = Cosine.of(tokenDown, 0, primary, 0, primary.length);
            }
        }

        /** The activated gate is the hidden layer divided by the other branch; without a gate it is the hidden layer. */
        private static float[] divided(float[] product, float[] factor) {
            float[] result = product.clone();
            for (int i = 0; i < factor.length; i++) {
                result[i] = factor[i] == 0 ? 0 : product[i] / factor[i];
            }
            return result;
        }
    }

    private List<HookSite> sites(TreeSet<Integer> layers) {
        List<HookSite> sites = new ArrayList<>();
        for (int layer : layers) {
            boolean norm = context.model().sites().has(HookSite.of(SiteKind.LN2_NORMALIZED, layer));
            for (SiteKind kind : List.of(
                    norm ? SiteKind.LN2_NORMALIZED : SiteKind.MLP_IN,
                    SiteKind.MLP_PRE,
                    SiteKind.MLP_PRE_LINEAR,
                    SiteKind.MLP_POST,
                    SiteKind.MLP_OUT,
                    SiteKind.RESID_POST)) {
                HookSite site = HookSite.of(kind, layer);
                if (context.model().sites().has(site)) {
                    sites.add(site);
                }
            }
        }
        return sites;
    }

    static List<Table.Column> columns() {
        return STAGES.stream()
                .map(stage -> Table.Column.number(stage, "cosine"))
                .toList();
    }

    /** Means over places, one entry per column; NaN where a model has no such stage or there are no places. */
    List<Object> mean(List<Place> places) {
        List<Compared> some = compared.entrySet().stream()
                .filter(entry -> places.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        List<Object> row = new ArrayList<>();
        for (int stage = 0; stage < STAGES.size(); stage++) {
            int s = stage;
            row.add(some.stream().mapToDouble(one -> one.cosines[s]).average().orElse(Double.NaN));
        }
        return row;
    }
}
