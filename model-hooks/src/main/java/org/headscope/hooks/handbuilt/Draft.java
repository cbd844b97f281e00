package org.headscope.hooks.handbuilt;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.EmbedSpec;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.MlpSpec;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.config.RopeSpec;
import org.headscope.hooks.config.UnembedSpec;
import org.jspecify.annotations.Nullable;

/** A configuration of which parts are exchanged one by one. */
final class Draft {
    private final ModelConfig start;
    private EmbedSpec embed;
    private AttentionSpec attention;
    private BlockSpec block;
    private MlpSpec mlp;
    private UnembedSpec unembed;

    Draft(ModelConfig start) {
        this.start = start;
        this.embed = start.embed();
        this.attention = start.attention();
        this.block = start.block();
        this.mlp = start.mlp();
        this.unembed = start.unembed();
    }

    Draft layers(IntFunction<LayerAttention> layer) {
        List<LayerAttention> all =
                IntStream.range(0, start.dims().layers()).mapToObj(layer).toList();
        attention =
                new AttentionSpec(attention.causal(), all, attention.qkNorm(), attention.softcap(), attention.alibi());
        return this;
    }

    /** Positions enter by rotation, or, without one, in no other way than attention's own. */
    Draft rotary(@Nullable RopeSpec rope) {
        embed = new EmbedSpec(1, EmbedSpec.Positions.IN_ATTENTION, 0, 0);
        return layers(
                l -> new LayerAttention(scale(l), attention.layers().get(l).window(), rope));
    }

    Draft windows(IntUnaryOperator window) {
        return layers(l -> new LayerAttention(
                scale(l), window.applyAsInt(l), attention.layers().get(l).rope()));
    }

    private double scale(int layer) {
        return attention.layers().get(layer).scale();
    }

    Draft alibi(AttentionSpec.Alibi alibi) {
        attention = new AttentionSpec(
                attention.causal(), attention.layers(), attention.qkNorm(), attention.softcap(), alibi);
        return this;
    }

    Draft qkNorm(AttentionSpec.QkNorm norm) {
        attention =
                new AttentionSpec(attention.causal(), attention.layers(), norm, attention.softcap(), attention.alibi());
        return this;
    }

    Draft capped(double scores, double logits) {
        attention = new AttentionSpec(
                attention.causal(), attention.layers(), attention.qkNorm(), scores, attention.alibi());
        unembed = new UnembedSpec(logits, unembed.tied(), false);
        return this;
    }

    Draft arranged(BlockSpec.Arrangement arrangement) {
        block = new BlockSpec(arrangement, block.norm());
        return this;
    }

    Draft norm(NormSpec norm) {
        block = new BlockSpec(block.arrangement(), norm);
        return this;
    }

    Draft activation(Activation activation) {
        mlp = new MlpSpec(mlp.gated(), activation);
        return this;
    }

    ModelConfig build(String family) {
        return new ModelConfig(family, start.dims(), embed, attention, block, mlp, unembed);
    }
}
