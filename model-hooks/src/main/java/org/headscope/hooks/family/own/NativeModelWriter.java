package org.headscope.hooks.family.own;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.headscope.hooks.checkpoint.SafetensorsWriter;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.UnembedSpec;
import org.headscope.hooks.io.AtomicFile;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.ModelWeights;
import org.headscope.hooks.weights.NormWeights;
import org.headscope.hooks.weights.UnembedWeights;
import org.jspecify.annotations.Nullable;

/**
 * Saves a model of any make as a folder with {@code config.json} and {@code model.safetensors} that opens like any other
 * checkpoint. Weights are stored as they are now, so processed ones stay processed.
 */
public final class NativeModelWriter {
    private final Map<String, NDArray> tensors = new TreeMap<>();
    private final NDManager temporary;

    private NativeModelWriter(NDManager temporary) {
        this.temporary = temporary;
    }

    /**
     * Writes a model.
     *
     * @param folder where to; made when missing, files of the same names are replaced
     * @param config its configuration
     * @param weights its weights
     * @throws org.headscope.hooks.HeadscopeException when the files cannot be written
     */
    public static void write(Path folder, ModelConfig config, ModelWeights weights) {
        try (NDManager temporary = weights.embed().tokens().getManager().newSubManager()) {
            new NativeModelWriter(temporary).save(folder, config, weights);
        }
    }

    private void save(Path folder, ModelConfig config, ModelWeights weights) {
        boolean tied = weights.unembed().unembed().weight() == weights.embed().tokens();
        embed(weights.embed());
        for (int layer = 0; layer < weights.blocks().size(); layer++) {
            block(Names.block(layer), weights.blocks().get(layer));
        }
        unembed(weights.unembed(), tied);
        SafetensorsWriter file = new SafetensorsWriter().metadata("format", NativeConfig.MODEL_TYPE);
        tensors.forEach(file::add);
        file.write(folder.resolve("model.safetensors"));
        AtomicFile.writeText(
                folder.resolve("config.json"), NativeConfig.write(withTie(config, tied), tensors.keySet()));
    }

    /** Processing unties weights, whatever the configuration of the original says. */
    private static ModelConfig withTie(ModelConfig config, boolean tied) {
        UnembedSpec unembed = config.unembed();
        return new ModelConfig(
                config.family(),
                config.dims(),
                config.embed(),
                config.attention(),
                config.block(),
                config.mlp(),
                new UnembedSpec(unembed.softcap(), tied, unembed.maskedLm()));
    }

    private void embed(EmbedWeights embed) {
        put(Names.W_E, embed.tokens());
        put(Names.W_POS, embed.positions());
        put(Names.W_TYPE, embed.tokenTypes());
        norm(Names.EMBED_NORM, embed.norm(), width(embed));
        affine(Names.EMBED_PROJECT, embed.project());
    }

    private static long width(EmbedWeights embed) {
        Linear project = embed.project();
        return project == null ? embed.tokens().getShape().get(1) : project.out();
    }

    private void block(String prefix, BlockWeights block) {
        long width = block.attention().q().in();
        attention(prefix, block.attention());
        MlpWeights mlp = block.mlp();
        if (mlp != null) {
            mlp(prefix + "mlp", mlp);
        }
        BlockWeights.Norms norms = block.norms();
        norm(prefix + "ln1", norms.ln1(), width);
        // one norm for both parts is stored once
        norm(prefix + "ln2", norms.ln2() == norms.ln1() ? null : norms.ln2(), width);
        norm(prefix + "ln1_post", norms.ln1Post(), width);
        norm(prefix + "ln2_post", norms.ln2Post(), width);
    }

    private void attention(String prefix, AttentionWeights attention) {
        String part = prefix + "attn";
        linear(part, "Q", attention.q());
        linear(part, "K", attention.k());
        linear(part, "V", attention.v());
        linear(part, "O", attention.o());
        put(prefix + Names.Q_NORM, attention.extras().qNorm());
        put(prefix + Names.K_NORM, attention.extras().kNorm());
        put(prefix + Names.SINKS, attention.extras().sinks());
    }

    private void mlp(String part, MlpWeights mlp) {
        if (mlp instanceof MlpWeights.Gated gated) {
            linear(part, "gate", gated.gate());
            linear(part, "in", gated.in());
        } else if (mlp instanceof MlpWeights.Plain plain) {
            linear(part, "in", plain.in());
        }
        linear(part, "out", mlp.out());
    }

    private void unembed(UnembedWeights unembed, boolean tied) {
        Linear last = unembed.unembed();
        Linear project = unembed.project();
        long width = project == null ? last.in() : project.in();
        norm(Names.FINAL_NORM, unembed.finalNorm(), width);
        affine(Names.UNEMBED_PROJECT, project);
        affine(Names.UNEMBED_DENSE, unembed.dense());
        norm(Names.UNEMBED_NORM, unembed.denseNorm(), width);
        put(Names.UNEMBED_MATRIX, tied ? null : last.weight());
        put(Names.UNEMBED_BIAS, last.bias());
    }

    private void linear(String part, String role, Linear linear) {
        put(Names.weight(part, role), linear.weight());
        put(Names.bias(part, role), linear.bias());
    }

    private void affine(String name, @Nullable Linear linear) {
        if (linear != null) {
            put(name + ".W", linear.weight());
            put(name + ".b", linear.bias());
        }
    }

    /** A gain that was folded away is stored as ones, which multiply nothing. */
    private void norm(String name, @Nullable NormWeights norm, long width) {
        if (norm != null) {
            NDArray weight = norm.weight();
            put(name + ".w", weight == null ? temporary.ones(new Shape(width)) : weight);
            put(name + ".b", norm.bias());
        }
    }

    private void put(String name, @Nullable NDArray array) {
        if (array != null) {
            tensors.put(name, array);
        }
    }
}
