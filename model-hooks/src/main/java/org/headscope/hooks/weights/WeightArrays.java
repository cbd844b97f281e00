package org.headscope.hooks.weights;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walks over all arrays of a model, each once however often it is used. */
final class WeightArrays {
    private final Set<NDArray> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<NDArray> arrays = new ArrayList<>();

    static List<NDArray> of(ModelWeights weights) {
        WeightArrays walk = new WeightArrays();
        walk.embed(weights.embed());
        weights.blocks().forEach(walk::block);
        walk.unembed(weights.unembed());
        return walk.arrays;
    }

    private void embed(EmbedWeights embed) {
        add(embed.tokens());
        add(embed.positions());
        add(embed.tokenTypes());
        norm(embed.norm());
        linear(embed.project());
    }

    private void block(BlockWeights block) {
        AttentionWeights a = block.attention();
        linear(a.q());
        linear(a.k());
        linear(a.v());
        linear(a.o());
        add(a.extras().qNorm());
        add(a.extras().kNorm());
        add(a.extras().sinks());
        MlpWeights mlp = block.mlp();
        if (mlp instanceof MlpWeights.Gated gated) {
            linear(gated.gate());
            linear(gated.in());
        } else if (mlp instanceof MlpWeights.Plain plain) {
            linear(plain.in());
        }
        linear(mlp == null ? null : mlp.out());
        norm(block.norms().ln1());
        norm(block.norms().ln2());
        norm(block.norms().ln1Post());
        norm(block.norms().ln2Post());
    }

    private void unembed(UnembedWeights unembed) {
        norm(unembed.finalNorm());
        linear(unembed.project());
        linear(unembed.dense());
        norm(unembed.denseNorm());
        linear(unembed.unembed());
    }

    private void norm(@Nullable NormWeights norm) {
        if (norm != null) {
            add(norm.weight());
            add(norm.bias());
        }
    }

    private void linear(@Nullable Linear linear) {
        if (linear != null) {
            add(linear.weight());
            add(linear.bias());
        }
    }

    private void add(@Nullable NDArray array) {
        if (array != null && seen.add(array)) {
            arrays.add(array);
        }
    }
}
