package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.bake.RemovedHeads;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint that heads were cut out of gives the logits that masking them with zero gives, and is smaller. */
@Tag("engine")
class RemovedHeadsTest {
    @ParameterizedTest
    @ValueSource(strings = {"llama", "mistral", "qwen2", "qwen3", "gemma2", "gemma3", "starcoder2", "llama3_rope"})
    void cutHeadsGiveTheLogitsOfTheMask(String family, @TempDir Path scratch) {
        try (TinyModel tiny = TinyModel.open(family)) {
            Dims dims = tiny.model().config().dims();
            int group = dims.heads() / dims.kvHeads();
            Set<Target.Head> wholeGroups = new HashSet<>();
            Set<Target.Head> oneOfEachGroup = new HashSet<>();
            for (int layer = 0; layer < dims.layers(); layer++) {
                for (int i = 0; i < group; i++) {
                    wholeGroups.add(new Target.Head(layer, layer % dims.kvHeads() * group + i));
                }
                for (int kv = 0; kv < dims.kvHeads(); kv++) {
                    oneOfEachGroup.add(new Target.Head(layer, kv * group + (layer + kv) % group));
                }
            }
            if (dims.kvHeads() > 1) {
                cut(tiny, wholeGroups, scratch.resolve("groups"), dims.heads() - group, dims.kvHeads() - 1);
            }
            if (group > 1) {
                cut(tiny, oneOfEachGroup, scratch.resolve("each"), dims.heads() - dims.kvHeads(), dims.kvHeads());
            }
        }
    }

    private static void cut(TinyModel tiny, Set<Target.Head> heads, Path folder, int left, int kvLeft) {
        RemovedHeads.write(tiny.model(), heads, folder);
        List<Intervention> zero = heads.stream()
                .map(head -> (Intervention) new Intervention.Ablate(head, new Ablation.Zero()))
                .toList();
        float[] masked =
                tiny.logits(tiny.model(), new Interventions(tiny.model().config()).compile(zero));
        try (HookedTransformer small = ModelLoader.load(folder);
                RunResult run = small.run(RunRequest.of(tiny.golden().batch()).build())) {
            assertThat(small.config().dims().heads()).isEqualTo(left);
            assertThat(small.config().dims().kvHeads()).isEqualTo(kvLeft);
            assertThat(small.weights()
                            .blocks()
                            .get(0)
                            .attention()
                            .o()
                            .weight()
                            .getShape()
                            .get(1))
                    .isEqualTo((long) left * small.config().dims().dHead());
            assertThat(TinyModel.distance(run.logits().toFloatArray(), masked)).isLessThanOrEqualTo(1e-4);
            assertThat(TinyModel.distance(masked, tiny.logits())).isGreaterThan(1e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "olmo2", "phi3", "falcon", "bert", "opt"})
    void otherFamiliesAreRefusedWithTheReason(String family, @TempDir Path scratch) {
        try (TinyModel tiny = TinyModel.open(family)) {
            assertThatThrownBy(() -> RemovedHeads.write(
                            tiny.model(), Set.of(new Target.Head(0, 0), new Target.Head(1, 0)), scratch.resolve("cut")))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContainingAll("cannot be cut out", "zeros into W_O");
        }
        assertThat(Files.exists(scratch.resolve("cut"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = "llama")
    void unevenCutsAreRefusedWithTheReason(String family, @TempDir Path scratch) {
        Path folder = scratch.resolve("cut");
        try (TinyModel tiny = TinyModel.open(family)) {
            Dims dims = tiny.model().config().dims();
            assertThat(dims.kvHeads()).isLessThan(dims.heads());
            Set<Target.Head> oneLayer = Set.of(new Target.Head(0, 0));
            Set<Target.Head> partOfAGroup = new HashSet<>();
            Set<Target.Head> all = new HashSet<>();
            for (int layer = 0; layer < dims.layers(); layer++) {
                partOfAGroup.add(new Target.Head(layer, 0));
                for (int head = 0; head < dims.heads(); head++) {
                    all.add(new Target.Head(layer, head));
                }
            }
            refused(tiny, oneLayer, folder, "same number of them");
            refused(tiny, partOfAGroup, folder, "Mask whole groups");
            refused(tiny, all, folder, "at least one");
            refused(tiny, Set.of(), folder, "mask is empty");
            refused(tiny, Set.of(new Target.Head(0, 99)), folder, "no head 0.99");
        }
        assertThat(Files.exists(folder)).isFalse();
    }

    private static void refused(TinyModel tiny, Set<Target.Head> heads, Path folder, String why) {
        assertThatThrownBy(() -> RemovedHeads.write(tiny.model(), heads, folder))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(why);
    }
}
