package org.headscope.hooks.tiny;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.FamilyRegistry;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.runtime.Engines;

/** A tiny checkpoint, opened, with its expected numbers. */
record TinyModel(String name, HookedTransformer model, Golden golden) implements AutoCloseable {
    private static final String FAMILIES = "gpt2 gpt2_crfm gpt_neo gpt_neox gpt_neox_seq gptj opt opt_postnorm bloom"
            + " falcon falcon_new falcon_rw llama llama3_rope mistral qwen2 qwen3 gemma2 gemma3 phi phi3 olmo2 stablelm"
            + " starcoder2 bert roberta distilbert";

    static Stream<String> families() {
        return Arrays.stream(FAMILIES.split(" "));
    }

    static TinyModel open(String family) {
        Path folder = Reference.tiny(family);
        return new TinyModel(family, build(folder, "config.json"), Golden.read(folder));
    }

    static HookedTransformer build(Path folder, String configName) {
        JsonNode raw = Golden.json(folder.resolve(configName));
        FamilyAdapter adapter = FamilyRegistry.standard().require(raw);
        NDManager manager = Engines.newManager();
        ModelConfig config = adapter.config(raw);
        return new HookedTransformer(config, adapter.weights(raw, config, PlainSource.of(manager, folder)), manager);
    }

    int layers() {
        return model.config().dims().layers();
    }

    float[] logits() {
        try (RunResult run = model.run(RunRequest.of(golden.batch()).build())) {
            return run.logits().toFloatArray();
        }
    }

    /** The largest difference between two arrays; anything that is not a number counts as infinitely wrong. */
    static double distance(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            throw new AssertionError(actual.length + " numbers where " + expected.length + " are expected");
        }
        return IntStream.range(0, actual.length)
                .mapToDouble(i -> Math.abs((double) actual[i] - expected[i]))
                .map(d -> Double.isNaN(d) ? Double.POSITIVE_INFINITY : d)
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        model.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
