package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.PathPatching.Mlps;
import org.headscope.analysis.patching.PathPatching.Receiver;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("engine")
class PathPatchingTest {
    /** BOS, sixteen tokens, and the first seven again: token 8 is next. */
    private static final int[] REPEATING = IntStream.concat(IntStream.rangeClosed(0, 16), IntStream.rangeClosed(1, 7))
            .toArray();

    private static final int[] CLEAN = {3, 1, 4, 1, 5, 9};
    private static final int[] CORRUPT = {3, 1, 7, 1, 5, 9};
    private static final int ANSWER = 2;
    private static final int FOIL = 6;
    private static final Dims SMALL = new Dims(3, 4, 2, 32, 8, 48, 16, 12);

    /** The token before 8 is another one, so the key of 8 is gone and nothing else. */
    @ParameterizedTest
    @CsvSource({"K, 1", "Q, 0", "V, 0"})
    void inTheInductionModelTheFirstHeadTalksToTheSecondThroughKeysOnly(Receiver receiver, double effect) {
        int[] corrupt = REPEATING.clone();
        corrupt[7] = 20;
        try (HookedTransformer model = InductionModel.create()) {
            Grid grid = effects(run(model, parameters(REPEATING, corrupt, 8, 12, receiver, Mlps.RECOMPUTED, "1.2")));

            assertThat(grid.toArray()).containsExactly(new double[] {0, effect, 0, 0, 0, 0, 0, 0}, within(1e-5));
        }
    }

    @Test
    void inTheInductionModelOnlyTheSecondHeadTalksToTheLogits() {
        int[] corrupt = REPEATING.clone();
        corrupt[7] = 20;
        try (HookedTransformer model = InductionModel.create()) {
            Grid grid = effects(run(model, parameters(REPEATING, corrupt, 8, 12, Receiver.LOGITS, Mlps.RECOMPUTED)));

            assertThat(grid.toArray()).containsExactly(new double[] {0, 0, 0, 0, 0, 0, 1, 0}, within(1e-5));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LOGITS, RECOMPUTED, ''",
        "LOGITS, FROZEN, ''",
        "Q, RECOMPUTED, 2.3",
        "Q, FROZEN, 1.0",
        "K, RECOMPUTED, 2.1",
        "V, FROZEN, 2.0",
        "V, RECOMPUTED, 1.1"
    })
    void everyPathAgreesWithFourRunsByHand(Receiver receiver, Mlps mlps, String head) {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(SMALL), 3)) {
            String[] heads = head.isEmpty() ? new String[0] : new String[] {head};
            Grid patched = patched(run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, receiver, mlps, heads)));

            for (int layer = 0; layer < SMALL.layers(); layer++) {
                for (int sender = 0; sender < SMALL.heads(); sender++) {
                    double expected = byHand(model, new Path(layer + "." + sender, receiver, mlps, head));
                    assertThat(patched.at(layer, sender))
                            .as("%d.%d", layer, sender)
                            .isCloseTo(expected, within(2e-4));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LOGITS, RECOMPUTED, ''",
        "LOGITS, FROZEN, ''",
        "Q, RECOMPUTED, 2.3",
        "K, FROZEN, 2.1",
        "MLP, RECOMPUTED, 2",
        "MLP, FROZEN, mlp 1"
    })
    void setsOfHeadsAndMlpsAgreeWithFourRunsByHand(Receiver receiver, Mlps mlps, String to) {
        List<String> senders =
                List.of("0.1", "mlp 0", "mlp 1", "0.0+0.3+1.2", "attn 1", "layer 0", "1.1+mlp 0", "2.2", "mlp 2");
        for (ModelConfig config : List.of(RandomModel.llama(SMALL), RandomModel.gpt2(SMALL), parallel())) {
            try (HookedTransformer model = RandomModel.of(config, 3)) {
                List<String> heads = to.isEmpty() ? List.of() : List.of(to);
                Findings found = run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, receiver, mlps, heads, senders));
                List<List<Object>> rows = ((Table) found.panels().get(0)).rows();

                assertThat(rows).extracting(row -> row.get(0)).isEqualTo(senders);
                for (int i = 0; i < senders.size(); i++) {
                    double expected = byHand(model, new Path(senders.get(i), receiver, mlps, to));
                    assertThat((double) rows.get(i).get(2))
                            .as("%s of %s", senders.get(i), config.family())
                            .isCloseTo(expected, within(2e-4));
                }
            }
        }
    }

    /** GPT-NeoX style: attention and MLP read the same stream. */
    private static ModelConfig parallel() {
        ModelConfig plain = RandomModel.gpt2(SMALL);
        BlockSpec block = new BlockSpec(Arrangement.PARALLEL, plain.block().norm());
        return new ModelConfig(
                "neox-like", plain.dims(), plain.embed(), plain.attention(), block, plain.mlp(), plain.unembed());
    }

    @Test
    void withoutNamedSendersMlpsStandNextToTheHeads() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(SMALL), 3)) {
            Findings found = run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, Receiver.LOGITS, Mlps.RECOMPUTED));

            List<List<Object>> rows = ((Table) found.panels().get(3)).rows();
            assertThat(rows).hasSize(SMALL.layers());
            assertThat((double) rows.get(1).get(2))
                    .isCloseTo(byHand(model, new Path("mlp 1", Receiver.LOGITS, Mlps.RECOMPUTED, "")), within(2e-4));
        }
    }

    private record Path(String sender, Receiver receiver, Mlps mlps, String to) {
        boolean sends(int layer, int head) {
            return parts().contains(layer + "." + head)
                    || parts().contains("attn " + layer)
                    || parts().contains("layer " + layer);
        }

        boolean sendsMlp(int layer) {
            return parts().contains("mlp " + layer) || parts().contains("layer " + layer);
        }

        private List<String> parts() {
            return List.of(sender.split("\\+"));
        }
    }

    /** Hooks that copy numbers, one run after the other; none of the interventions of the project. */
    private static double byHand(HookedTransformer model, Path path) {
        try (RunResult clean = model.run(everything(CLEAN));
                RunResult corrupt = model.run(everything(CORRUPT))) {
            RunRequest.Builder sent = RunRequest.of(TokenBatch.of(CLEAN));
            for (int l = 0; l < SMALL.layers(); l++) {
                HookSite z = HookSite.of(SiteKind.Z, l);
                NDArray held = clean.cache().get(z).duplicate();
                for (int h = 0; h < SMALL.heads(); h++) {
                    if (path.sends(l, h)) {
                        copyHead(corrupt.cache().get(z), held, h);
                    }
                }
                sent.hook("z" + l, z, (value, point) -> held);
                HookSite mlp = HookSite.of(SiteKind.MLP_OUT, l);
                if (path.sendsMlp(l) || path.mlps == Mlps.FROZEN) {
                    RunResult from = path.sendsMlp(l) ? corrupt : clean;
                    sent.hook("mlp" + l, mlp, (value, point) -> from.cache()
                            .get(mlp)
                            .duplicate());
                }
            }
            return path.receiver == Receiver.LOGITS ? difference(model, sent.build()) : received(model, sent, path);
        }
    }

    private static double received(HookedTransformer model, RunRequest.Builder sent, Path path) {
        boolean mlp = path.receiver == Receiver.MLP;
        int layer = mlp ? path.to.charAt(path.to.length() - 1) - '0' : path.to.charAt(0) - '0';
        SiteKind kind = mlp ? SiteKind.MLP_IN : SiteKind.valueOf(path.receiver.name());
        HookSite site = HookSite.of(kind, layer);
        try (RunResult run = model.run(sent.capture(site).build())) {
            NDArray got = run.cache().get(site);
            return difference(
                    model,
                    RunRequest.of(TokenBatch.of(CLEAN))
                            .hook("receiver", site, (value, point) -> {
                                NDArray set = mlp ? got.duplicate() : value.duplicate();
                                if (!mlp) {
                                    copyHead(got, set, path.to.charAt(2) - '0');
                                }
                                return set;
                            })
                            .build());
        }
    }

    private static void copyHead(NDArray from, NDArray to, int head) {
        to.set(new NDIndex(":, :, {}, :", head), from.get(":, :, " + head + ", :"));
    }

    private static RunRequest everything(int[] ids) {
        RunRequest.Builder request = RunRequest.of(TokenBatch.of(ids));
        for (int l = 0; l < SMALL.layers(); l++) {
            request.capture(HookSite.of(SiteKind.Z, l), HookSite.of(SiteKind.MLP_OUT, l));
        }
        return request.build();
    }

    private static double difference(HookedTransformer model, RunRequest request) {
        try (RunResult run = model.run(request)) {
            float[] logits = run.logits().toFloatArray();
            int last = (CLEAN.length - 1) * SMALL.vocab();
            return (double) logits[last + ANSWER] - logits[last + FOIL];
        }
    }

    @Test
    void resultSaysWhatItMeans() {
        try (HookedTransformer model = RandomModel.of(RandomModel.gpt2(SMALL), 3)) {
            Findings found =
                    run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, Receiver.K, Mlps.FROZEN, "2.0", "1.1"));

            assertThat(((Table) found.panels().get(2)).rows())
                    .contains(
                            List.of("other heads", "z frozen at clean"),
                            List.of("MLPs on the way", "frozen"),
                            List.of("receivers", "attn.hook_k of 2.0, 1.1"));
            assertThat(found.receipts()).isNotEmpty().allSatisfy(receipt -> assertThat(receipt.fired())
                    .isPositive());
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(SMALL), 3)) {
            BiConsumer<PathPatching.Parameters, String> refused =
                    (parameters, words) -> assertThatThrownBy(() -> run(model, parameters))
                            .isInstanceOf(HeadscopeException.class)
                            .hasMessageContaining(words);
            refused.accept(
                    parameters(CLEAN, new int[] {3, 1}, ANSWER, FOIL, Receiver.LOGITS, Mlps.FROZEN), "equal numbers");
            refused.accept(parameters(CLEAN, CLEAN, ANSWER, FOIL, Receiver.LOGITS, Mlps.FROZEN), "share of nothing");
            refused.accept(parameters(CLEAN, CORRUPT, ANSWER, ANSWER, Receiver.LOGITS, Mlps.FROZEN), "same token");
            assertThatThrownBy(
                            () -> run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, Receiver.K, Mlps.FROZEN, "1.3")))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("2 heads");
            assertThatThrownBy(() -> run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, Receiver.Q, Mlps.FROZEN)))
                    .isInstanceOf(ParameterException.class);
            assertThatThrownBy(
                            () -> run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, Receiver.MLP, Mlps.FROZEN, "3")))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("from 0 to 2");
            for (String sender : List.of("3.0", "mlp 3", "0.1+", "head 2")) {
                assertThatThrownBy(() -> run(
                                model,
                                parameters(
                                        CLEAN,
                                        CORRUPT,
                                        ANSWER,
                                        FOIL,
                                        Receiver.LOGITS,
                                        Mlps.FROZEN,
                                        List.of(),
                                        List.of(sender))))
                        .as(sender)
                        .isInstanceOf(ParameterException.class)
                        .hasMessageContaining("3 layers of 4 heads");
            }
        }
    }

    @Test
    void nativeMemoryIsGivenBack() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(SMALL), 3)) {
            var parameters = parameters(CLEAN, CORRUPT, ANSWER, FOIL, Receiver.Q, Mlps.RECOMPUTED, "2.1");
            run(model, parameters);
            int before = model.ownedResources();

            run(model, parameters);

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static PathPatching.Parameters parameters(
            int[] clean, int[] corrupt, int answer, int foil, Receiver receiver, Mlps mlps, String... heads) {
        return parameters(clean, corrupt, answer, foil, receiver, mlps, List.of(heads), List.of());
    }

    private static PathPatching.Parameters parameters(
            int[] clean,
            int[] corrupt,
            int answer,
            int foil,
            Receiver receiver,
            Mlps mlps,
            List<String> heads,
            List<String> senders) {
        return new PathPatching.Parameters(
                IdContexts.prompt(clean),
                IdContexts.prompt(corrupt),
                new Prompt.Ids(List.of(answer)),
                new Prompt.Ids(List.of(foil)),
                receiver,
                heads,
                mlps,
                senders);
    }

    private static Findings run(HookedTransformer model, PathPatching.Parameters parameters) {
        return new PathPatching().run(IdContexts.of(model), parameters, Progress.none());
    }

    private static Grid effects(Findings found) {
        return ((HeadGrid) found.panels().get(0)).grid();
    }

    private static Grid patched(Findings found) {
        return ((HeadGrid) found.panels().get(1)).grid();
    }
}
