package org.headscope.hooks.bake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.LoadOptions;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.testing.SmallModels;
import org.headscope.hooks.testing.TinyCheckpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BakedCheckpointTest {
    private static final TokenBatch TOKENS = TokenBatch.of(new int[] {3, 1, 4, 1, 5});
    private static final Target.Head HEAD = new Target.Head(0, 1);
    private static final String O = "model.layers.0.self_attn.o_proj.weight";

    @TempDir
    private Path scratch;

    @Test
    void onlyTheColumnsOfTheHeadBecomeZero() throws IOException {
        Path source = new TinyCheckpoint().write(folder("source"));
        Path baked = bake(source, heads(HEAD));

        try (Checkpoint before = Checkpoint.open(source);
                Checkpoint after = Checkpoint.open(baked);
                NDManager manager = Engines.newManager()) {
            assertThat(after.names()).isEqualTo(before.names());
            for (String name : before.names()) {
                float[] expected = before.load(manager, name).toFloatArray();
                if (name.equals(O)) {
                    for (int i = 0; i < expected.length; i++) {
                        expected[i] = i % 8 >= 4 ? 0 : expected[i];
                    }
                }
                assertThat(after.load(manager, name).toFloatArray()).as(name).isEqualTo(expected);
            }
        }
    }

    @Test
    void givesTheLogitsOfTheMask() throws IOException {
        Path source = new TinyCheckpoint().write(folder("source"));
        Path baked = bake(source, new Silenced(Set.of(HEAD), new TreeSet<>(), new TreeSet<>(Set.of(0))));

        float[] masked = logits(source, new Target.Head(0, 1), new Target.Mlp(0));
        assertThat(logits(baked)).containsExactly(masked, within(1e-6f));
        assertThat(masked).isNotEqualTo(logits(source));
    }

    @Test
    void silencingTheAttentionIsSilencingAllItsHeads() throws IOException {
        Path source = new TinyCheckpoint().write(folder("source"));
        Path whole = bake(source, new Silenced(Set.of(), new TreeSet<>(Set.of(0)), new TreeSet<>()));

        assertThat(logits(whole))
                .containsExactly(logits(source, new Target.Head(0, 0), new Target.Head(0, 1)), within(1e-6f));
    }

    @Test
    void bakingTwiceWorksOnWhatIsLeft() throws IOException {
        Path source = new TinyCheckpoint().write(folder("source"));
        Path once = bake(source, heads(HEAD));
        Path twice = scratch.resolve("twice");
        try (HookedTransformer model = ModelLoader.load(once)) {
            BakedCheckpoint.write(model, heads(new Target.Head(0, 0)), twice);
        }

        assertThat(logits(twice)).isEqualTo(logits(source, new Target.Head(0, 0), HEAD));
    }

    @Test
    void takesTokenizerAndSettingsAlongButNoOtherWeights() throws IOException {
        Path source = new TinyCheckpoint().write(folder("source"));
        Files.writeString(source.resolve("tokenizer.json"), "{}");
        Files.writeString(source.resolve("pytorch_model.bin"), "other weights");
        Files.createDirectory(source.resolve("training"));

        Path baked = bake(source, heads(HEAD));

        try (Stream<Path> files = Files.list(baked)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer.json");
        }
    }

    @Test
    void refusesWhatItCannotWriteInto() throws IOException {
        Path source = new TinyCheckpoint().write(folder("source"));
        Path full = folder("full");
        Files.writeString(full.resolve("precious.txt"), "kept");
        try (HookedTransformer model = ModelLoader.load(source);
                HookedTransformer built = SmallModels.gpt2()) {
            Path target = scratch.resolve("target");
            refused(() -> BakedCheckpoint.write(model, heads(HEAD), full), "not empty");
            refused(() -> BakedCheckpoint.write(model, heads(), target), "mask is empty");
            refused(() -> BakedCheckpoint.write(built, heads(HEAD), target), "built, not loaded");
            refused(() -> BakedCheckpoint.write(model, heads(new Target.Head(0, 2)), target), "no head 0.2");
            refused(() -> BakedCheckpoint.write(model, heads(new Target.Head(1, 0)), target), "no layer 1");
            assertThat(target).doesNotExist();
            assertThat(full.resolve("precious.txt")).hasContent("kept");
        }
    }

    @Test
    void leavesNothingBehindWhenTheDiskIsNotWritable() throws IOException {
        Path source = new TinyCheckpoint().write(folder("source"));
        Path file = Files.writeString(scratch.resolve("file"), "not a folder");
        try (HookedTransformer model = ModelLoader.load(source)) {
            refused(() -> BakedCheckpoint.write(model, heads(HEAD), file.resolve("baked")), "Cannot write");
        }
        try (Stream<Path> files = Files.list(scratch)) {
            assertThat(files).containsExactlyInAnyOrder(source, file);
        }
    }

    private static void refused(Runnable what, String why) {
        assertThatThrownBy(what::run).isInstanceOf(HeadscopeException.class).hasMessageContaining(why);
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectory(scratch.resolve(name));
    }

    private Path bake(Path source, Silenced parts) {
        Path target = scratch.resolve("baked");
        try (HookedTransformer model = ModelLoader.load(source, LoadOptions.RAW)) {
            BakedCheckpoint.write(model, parts, target);
        }
        return target;
    }

    private static Silenced heads(Target.Head... heads) {
        return new Silenced(Set.of(heads), new TreeSet<>(), new TreeSet<>());
    }

    private static float[] logits(Path folder, Target... off) {
        List<Intervention> zero = new ArrayList<>();
        for (Target target : off) {
            zero.add(new Intervention.Ablate(target, new Ablation.Zero()));
        }
        try (HookedTransformer model = ModelLoader.load(folder);
                RunResult run = model.run(RunRequest.of(TOKENS)
                        .edits(new Interventions(model.config()).compile(zero))
                        .build())) {
            return run.logits().toFloatArray();
        }
    }
}
