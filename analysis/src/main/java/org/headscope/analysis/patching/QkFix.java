package org.headscope.analysis.patching;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * The effect of queries and keys without linearising the softmax (the QK fix of AtP*, Kramar et al., arXiv 2403.00745): the
 * attention pattern is computed anew with what is put in, and only what follows from the pattern is taken to first order.
 *
 * <p>One run makes the patterns of all layers: queries (or keys) of every layer come from the other run while z of every
 * layer is held, so that no layer sees what happened below. Rotary positions, masks, soft caps, windows and key-value groups
 * are therefore those of the model itself. A single key is replaced score by score ({@link KeyReplacement}).
 */
final class QkFix implements AutoCloseable {
    private final AnalysisContext context;
    private final PatchSite site;
    private final RunResult here;
    private final RunResult replaced;

    private QkFix(AnalysisContext context, PatchSite site, RunResult here, RunResult replaced) {
        this.context = context;
        this.site = site;
        this.here = here;
        this.replaced = replaced;
    }

    /** Runs {@code base} as it is and with all queries, or all keys, of {@code other}. */
    static QkFix of(AnalysisContext context, PatchSite site, TokenBatch base, ActivationCache other) {
        RunResult here = context.model()
                .run(seeing(context, base).capture(all(context, SiteKind.Z)).build());
        try {
            List<Intervention> edits = new ArrayList<>();
            for (HookSite at : all(context, site.kind())) {
                edits.add(new Intervention.Patch(at, Region.ALL, other));
            }
            Set<HookSite> held = new TreeSet<>(all(context, SiteKind.Z));
            edits.add(new Intervention.Freeze(held, here.cache()));
            RunResult replaced = context.model()
                    .run(seeing(context, base)
                            .edits(new Interventions(context.model().config()).compile(edits))
                            .build());
            return new QkFix(context, site, here, replaced);
        } catch (Throwable e) {
            here.close();
            throw e;
        }
    }

    private static RunRequest.Builder seeing(AnalysisContext context, TokenBatch tokens) {
        return StandingRun.of(context, tokens)
                .capture(all(context, SiteKind.PATTERN))
                .capture(all(context, SiteKind.ATTN_SCORES))
                .lastLogits();
    }

    private static List<HookSite> all(AnalysisContext context, SiteKind kind) {
        return IntStream.range(0, context.model().config().dims().layers())
                .mapToObj(layer -> HookSite.of(kind, layer))
                .toList();
    }

    /** Where gradients are needed. */
    List<HookSite> sites() {
        return all(context, SiteKind.PATTERN);
    }

    /** Estimated changes of the metric, {@code [row of the batch][cell of the grid]}. */
    double[][] changes(Gradients.Result base) {
        if (site == PatchSite.HEAD_K_BY_POS) {
            return singleKeys(base);
        }
        PatchSite patterns = site == PatchSite.HEAD_Q_BY_POS ? PatchSite.HEAD_PATTERN_BY_POS : PatchSite.HEAD_PATTERN;
        double[][] changes = new FirstOrder(patterns, base, replaced.cache()).rows(sites());
        return switch (site) {
            case HEAD_K -> grouped(changes);
            case HEAD_Q_BY_POS -> positionsFirst(changes);
            default -> changes;
        };
    }

    /** From {@code [layer, head, query]}, as patterns are laid out, to {@code [layer, position, head]}. */
    private double[][] positionsFirst(double[][] headsFirst) {
        Dims dims = context.model().config().dims();
        int positions = headsFirst[0].length / (dims.layers() * dims.heads());
        double[][] changes = new double[headsFirst.length][headsFirst[0].length];
        for (int row = 0; row < changes.length; row++) {
            for (int cell = 0; cell < changes[row].length; cell++) {
                int line = cell / positions;
                int layer = line / dims.heads();
                int to = (layer * positions + cell % positions) * dims.heads() + line % dims.heads();
                changes[row][to] = headsFirst[row][cell];
            }
        }
        return changes;
    }

    /** A key-value head moves the patterns of its whole group. */
    private double[][] grouped(double[][] byHead) {
        int group = context.model().config().dims().group();
        double[][] byKvHead = new double[byHead.length][byHead[0].length / group];
        for (int row = 0; row < byHead.length; row++) {
            for (int cell = 0; cell < byHead[row].length; cell++) {
                byKvHead[row][cell / group] += byHead[row][cell];
            }
        }
        return byKvHead;
    }

    private double[][] singleKeys(Gradients.Result base) {
        Dims dims = context.model().config().dims();
        NDArray first = base.gradients().get(HookSite.of(SiteKind.PATTERN, 0));
        int rows = (int) first.getShape().get(0);
        int positions = (int) first.getShape().get(2);
        double[][] changes = new double[rows][dims.layers() * positions * dims.kvHeads()];
        for (int layer = 0; layer < dims.layers(); layer++) {
            var attention = new Layer(
                    numbers(here.cache(), SiteKind.ATTN_SCORES, layer),
                    numbers(replaced.cache(), SiteKind.ATTN_SCORES, layer),
                    numbers(base.gradients(), SiteKind.PATTERN, layer),
                    positions);
            attention.add(changes, layer, dims, sinks(layer, dims));
        }
        return changes;
    }

    private double[] sinks(int layer, Dims dims) {
        NDArray sinks = context.model()
                .weights()
                .blocks()
                .get(layer)
                .attention()
                .extras()
                .sinks();
        float[] own = sinks == null ? new float[0] : sinks.toFloatArray();
        return IntStream.range(0, dims.heads())
                .mapToDouble(head -> own.length == 0 ? Double.NEGATIVE_INFINITY : own[head])
                .toArray();
    }

    private static float[] numbers(ActivationCache cache, SiteKind kind, int layer) {
        return cache.get(HookSite.of(kind, layer)).toFloatArray();
    }

    /** Scores {@code [head, q, k]} of one prompt, and gradients {@code [row, head, q, k]} by attention probability. */
    @SuppressWarnings("ArrayRecordComponent") // the operands of one computation, never compared
    private record Layer(float[] scores, float[] replaced, float[] gradients, int positions) {
        void add(double[][] changes, int layer, Dims dims, double[] sinks) {
            int line = positions * positions;
            for (int head = 0; head < dims.heads(); head++) {
                for (int query = 0; query < positions; query++) {
                    int from = head * line + query * positions;
                    var keys = new KeyReplacement(row(scores, from), row(replaced, from), sinks[head]);
                    for (int b = 0; b < changes.length; b++) {
                        double[] one = keys.changes(row(gradients, b * dims.heads() * line + from));
                        for (int key = 0; key < positions; key++) {
                            int cell = (layer * positions + key) * dims.kvHeads() + head / dims.group();
                            changes[b][cell] += one[key];
                        }
                    }
                }
            }
        }

        private double[] row(float[] values, int from) {
            return IntStream.range(from, from + positions)
                    .mapToDouble(i -> values[i])
                    .toArray();
        }
    }

    @Override
    public void close() {
        replaced.close();
        here.close();
    }
}
