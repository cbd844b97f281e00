package org.headscope.hooks.testing;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.headscope.hooks.checkpoint.SafetensorsWriter;

/** Writes a one-layer Llama checkpoint of a few kilobytes, sound unless told otherwise. */
public final class TinyCheckpoint {
    /** Number of token ids. */
    public static final int VOCAB = 9;

    private static final int D = 8;
    private static final int MLP = 12;
    private static final String CONFIG =
            """
            {"model_type": "%s", "vocab_size": 9, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 1,
             "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 16, "rms_norm_eps": 1e-5,
             "hidden_act": "silu", "rope_theta": 10000.0, "tie_word_embeddings": false}
            """;

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final SplittableRandom random = new SplittableRandom(5);
    private String type = "llama";

    private record Tensor(Shape shape, float[] values) {}

    /** A sound checkpoint. */
    public TinyCheckpoint() {
        tensor("model.embed_tokens.weight", VOCAB, D);
        String block = "model.layers.0.";
        tensor(block + "self_attn.q_proj.weight", D, D);
        tensor(block + "self_attn.k_proj.weight", D / 2, D);
        tensor(block + "self_attn.v_proj.weight", D / 2, D);
        tensor(block + "self_attn.o_proj.weight", D, D);
        tensor(block + "mlp.gate_proj.weight", MLP, D);
        tensor(block + "mlp.up_proj.weight", MLP, D);
        tensor(block + "mlp.down_proj.weight", D, MLP);
        tensor(block + "input_layernorm.weight", D);
        tensor(block + "post_attention_layernorm.weight", D);
        tensor("model.norm.weight", D);
        tensor("lm_head.weight", VOCAB, D);
    }

    /** Adds or replaces a tensor of random numbers. */
    public TinyCheckpoint tensor(String name, long... shape) {
        Shape s = new Shape(shape);
        float[] numbers = new float[(int) s.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextDouble(-0.5, 0.5);
        }
        tensors.put(name, new Tensor(s, numbers));
        return this;
    }

    /** Sets one number. */
    public TinyCheckpoint set(String name, int element, float value) {
        Objects.requireNonNull(tensors.get(name)).values[element] = value;
        return this;
    }

    /** Leaves a tensor out. */
    public TinyCheckpoint without(String name) {
        tensors.remove(name);
        return this;
    }

    /** Claims another architecture. */
    public TinyCheckpoint type(String modelType) {
        type = modelType;
        return this;
    }

    /** Writes the folder. */
    public Path write(Path folder) {
        SafetensorsWriter writer = new SafetensorsWriter();
        tensors.forEach((name, tensor) -> writer.add(name, tensor.shape, tensor.values));
        writer.write(folder.resolve("model.safetensors"));
        try {
            Files.writeString(folder.resolve("config.json"), CONFIG.formatted(type));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }
}
