package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.hooks.config.EmbedSpec;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.EmbedWeights;

/** From token ids to the first residual stream. */
final class Embedding {
    private final EmbedSpec spec;
    private final EmbedWeights weights;
    private final Norms norms;

    Embedding(ModelConfig config, EmbedWeights weights, Norms norms) {
        this.spec = config.embed();
        this.weights = weights;
        this.norms = norms;
    }

    /** {@code [batch, pos, d_model]}; row 0 stands at absolute position {@code first}. */
    NDArray apply(TokenBatch batch, int first, RunScope scope) {
        try (RunScope.Temporary step = scope.temporary()) {
            NDManager temporary = step.manager();
            NDArray x = tokens(batch, first, scope, temporary);
            if (weights.positions() != null) {
                NDArray positions = look(weights.positions(), ids(positionRows(batch, first), temporary));
                x = x.add(scope.visit(SiteKind.POS_EMBED, -1, positions, first));
            }
            if (weights.tokenTypes() != null) {
                int[][] types = batch.types() == null ? new int[batch.size()][batch.length()] : batch.types();
                NDArray embedded = look(weights.tokenTypes(), ids(types, temporary));
                x = x.add(scope.visit(SiteKind.TOKEN_TYPE_EMBED, -1, embedded, first));
            }
            x = weights.norm() == null ? x : norms.plain(x, weights.norm());
            x.attach(scope.manager());
            return x;
        }
    }

    private NDArray tokens(TokenBatch batch, int first, RunScope scope, NDManager temporary) {
        NDArray ids = scope.visit(SiteKind.TOKENS, -1, ids(batch.ids(), temporary), first);
        NDArray x = look(weights.tokens(), ids);
        x = spec.scale() == 1 ? x : x.mul(spec.scale());
        x = weights.project() == null ? x : weights.project().apply(x);
        return scope.visit(SiteKind.EMBED, -1, x, first);
    }

    /** Rows of a table, owned by the manager of {@code rows}. */
    static NDArray look(NDArray table, NDArray rows) {
        return ai.djl.nn.core.Embedding.embedding(rows, table, SparseFormat.DENSE)
                .singletonOrThrow();
    }

    private int[][] positionRows(TokenBatch batch, int first) {
        if (spec.positions() == EmbedSpec.Positions.LEARNED_NON_PAD) {
            return Stream.of(batch.ids()).map(this::nonPadPositions).toArray(int[][]::new);
        }
        int[] row = IntStream.range(first, first + batch.length())
                .map(p -> p + spec.positionOffset())
                .toArray();
        return Stream.generate(() -> row).limit(batch.size()).toArray(int[][]::new);
    }

    /** RoBERTa counts only tokens that are not padding, from pad id + 1; padding itself sits at pad id. */
    private int[] nonPadPositions(int[] ids) {
        int[] rows = new int[ids.length];
        int count = 0;
        for (int p = 0; p < ids.length; p++) {
            boolean pad = ids[p] == spec.padId();
            count += pad ? 0 : 1;
            rows[p] = spec.padId() + (pad ? 0 : count);
        }
        return rows;
    }

    /* The copy is made by the engine; memory that came from Java would vanish with the array that brought it. */
    private static NDArray ids(int[][] ids, NDManager manager) {
        long[] flat = Stream.of(ids).flatMapToInt(IntStream::of).asLongStream().toArray();
        try (NDArray fromJava = manager.create(flat, new Shape(ids.length, ids[0].length))) {
            return fromJava.duplicate();
        }
    }
}
