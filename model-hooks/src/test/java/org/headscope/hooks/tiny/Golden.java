package org.headscope.hooks.tiny;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.headscope.hooks.forward.TokenBatch;
import org.jspecify.annotations.Nullable;

/** The expected numbers of one checkpoint. */
record Golden(JsonNode info, Map<String, PlainSafetensors.Tensor> tensors) {
    static Golden read(Path folder) {
        return new Golden(
                json(folder.resolve("golden.json")), PlainSafetensors.read(folder.resolve("golden.safetensors")));
    }

    static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The allowed absolute difference for one kind of number, as golden.json advises it. */
    double tolerance(String kind) {
        return info.get("tolerance").get("advice_max_abs").get(kind).asDouble();
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    float[] values(String name) {
        return tensor(name).values();
    }

    PlainSafetensors.Tensor tensor(String name) {
        PlainSafetensors.@Nullable Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("No golden tensor " + name);
        }
        return tensor;
    }

    /** The input that all expected numbers belong to. */
    TokenBatch batch() {
        TokenBatch batch = TokenBatch.of(rows("input_ids"));
        batch = has("attention_mask") ? batch.withPadding(rows("attention_mask")) : batch;
        return has("token_type_ids") ? batch.withTypes(rows("token_type_ids")) : batch;
    }

    int[][] rows(String name) {
        PlainSafetensors.Tensor ids = tensor(name);
        int width = (int) ids.shape()[ids.shape().length - 1];
        int[] flat = ids.ints();
        int[][] rows = new int[flat.length / width][width];
        for (int b = 0; b < rows.length; b++) {
            System.arraycopy(flat, b * width, rows[b], 0, width);
        }
        return rows;
    }
}
