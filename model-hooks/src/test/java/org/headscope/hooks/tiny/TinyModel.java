package org.headscope.hooks.tiny;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;

/** A tiny checkpoint, opened, with its expected numbers. */
record TinyModel(String name, HookedTransformer model, Golden golden) implements AutoCloseable {
    private static final String FAMILIES = "gpt2 gpt2_crfm gpt_neo gpt_neox gpt_neox_seq gptj opt opt_postnorm bloom"
            + " falcon falcon_new falcon_rw llama llama3_rope mistral qwen2 qwen3 gemma2 gemma3 phi phi3 olmo2 stablelm"
            + " starcoder2 bert roberta distilbert";

    static Stream<String> families() {
        return Arrays.stream(FAMILIES.split(" "));
    }

    static Stream<String> decoders() {
        return families().filter(family -> !family.contains("bert"));
    }

    static Stream<String> withoutRotation() {
        return Stream.of(
                "gpt2", "gpt_neo", "opt", "opt_postnorm", "bloom", "falcon_rw", "bert", "roberta", "distilbert");
    }

    /** Those that are published in an older spelling too. */
    static Stream<String> withHubConfig() {
        return families()
                .filter(family ->
                        !List.of("gpt2_crfm", "gpt_neo", "opt", "opt_postnorm").contains(family))
                .filter(family -> !family.contains("bert"));
    }

    static TinyModel open(String family) {
        Path folder = Reference.tiny(family);
        return new TinyModel(family, ModelLoader.load(folder), Golden.read(folder));
    }

    /** Puts weights and another configuration together in a new folder. */
    static Path combine(Path weights, Path config, Path folder) {
        try {
            Files.copy(weights.resolve("model.safetensors"), folder.resolve("model.safetensors"));
            Files.copy(config, folder.resolve("config.json"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int layers() {
        return model.config().dims().layers();
    }

    float[] logits() {
        return logits(model, List.of());
    }

    /** Logits on the golden input, {@code [batch, pos, vocab]}. */
    float[] logits(HookedTransformer which, List<SiteEdit> edits) {
        try (RunResult run =
                which.run(RunRequest.of(golden.batch()).edits(edits).build())) {
            return run.logits().toFloatArray();
        }
    }

    /** The rows of all logits that stand at one position, {@code [batch, vocab]}. */
    float[] at(float[] logits, int position) {
        int vocab = model.config().dims().vocab();
        int length = golden.batch().length();
        float[] rows = new float[golden.batch().size() * vocab];
        for (int b = 0; b < golden.batch().size(); b++) {
            System.arraycopy(logits, (b * length + position) * vocab, rows, b * vocab, vocab);
        }
        return rows;
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
