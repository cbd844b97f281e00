package org.headscope.hooks.handbuilt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.tokens.Tokenized;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model that is shipped. When a test here fails on purpose, write the folder anew with {@link InductionFolder}. */
class InductionFolderTest {
    private static final Path SHIPPED = Path.of(System.getProperty("headscope.assets"), "models", InductionModel.NAME);

    @TempDir
    Path fresh;

    @Test
    void theShippedFolderIsWhatTheBuilderMakes() throws IOException {
        InductionFolder.write(fresh);
        assertThat(names(SHIPPED))
                .containsExactly(
                        "README.md",
                        "config.json",
                        "headscope.json",
                        "model.safetensors",
                        "tokenizer.json",
                        "tokenizer_config.json")
                .isEqualTo(names(fresh));
        for (String name : names(fresh)) {
            assertThat(SHIPPED.resolve(name)).hasSameBinaryContentAs(fresh.resolve(name));
        }
    }

    @Test
    void itLoadsLikeAnyOtherModelAndComputesTheSameLogits() {
        int[] ids = {0, 5, 9, 7, 5, 9};
        try (HookedTransformer loaded = ModelLoader.load(SHIPPED);
                HookedTransformer built = InductionModel.create()) {
            assertThat(loaded.identity().name()).isEqualTo("induction-2l");
            assertThat(loaded.identity().warnings()).isEmpty();
            assertThat(logits(loaded, ids)).isEqualTo(logits(built, ids));
        }
    }

    @Test
    void aTextIsContinuedAsItWentOnBefore() {
        try (HookedTransformer model = ModelLoader.load(SHIPPED)) {
            TextTokenizer tokenizer = Objects.requireNonNull(model.tokenizer());
            Tokenized text = tokenizer.encode("apple bird cloud Door apple bird cloud", BosPolicy.AUTO);
            assertThat(text.ids()).containsExactly(0, 1, 2, 3, 4, 1, 2, 3);
            assertThat(text.bosPrepended()).isTrue();
            try (RunResult run = model.run(
                    RunRequest.of(TokenBatch.of(text.ids())).lastLogits().build())) {
                int next = (int) run.logits().argMax(2).getLong();
                assertThat(tokenizer.decode(new int[] {next})).isEqualTo("door");
            }
        }
    }

    @Test
    void everyWordIsOneToken() {
        try (TextTokenizer tokenizer = TextTokenizer.load(SHIPPED)) {
            for (int id = 1; id < InductionModel.WORDS.size(); id++) {
                assertThat(tokenizer.idOfSingleToken(InductionModel.WORDS.get(id)))
                        .isEqualTo(id);
            }
        }
    }

    @Test
    void aWordThatItDoesNotKnowIsRefused() {
        try (TextTokenizer tokenizer = TextTokenizer.load(SHIPPED)) {
            assertThatThrownBy(() -> tokenizer.encode("apple spaceship", BosPolicy.AUTO))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("must be in the vocabulary");
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static float[] logits(HookedTransformer model, int[] ids) {
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ids)).build())) {
            return run.logits().toFloatArray();
        }
    }
}
