package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A small model that was really trained, against what its makers published and what others computed from it. */
@Tag("engine")
class StoriesTest {
    private static final String FOLDER = "models/stories260K";
    private static final int BOS = 1;

    @SuppressWarnings("NullAway.Init")
    private static HookedTransformer model;

    @BeforeAll
    static void open() {
        if (Reference.has(FOLDER)) {
            model = ModelLoader.load(Reference.require(FOLDER + "/hf"));
        }
    }

    @BeforeEach
    void requireModel() {
        Reference.require(FOLDER);
    }

    @AfterAll
    @SuppressWarnings("ConstantConditions")
    static void close() {
        if (model != null) {
            model.close();
        }
    }

    @Test
    void greedyDecodingTellsThePublishedStory() throws IOException {
        String published = published();
        List<String> pieces = pieces();
        StringBuilder story = new StringBuilder();
        int[] ids = {BOS};
        while (story.toString().strip().length() < published.length() && ids.length < 300) {
            int next = Greedy.extend(model, new int[][] {ids}, 1)[0][0];
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = next;
            story.append(text(pieces.get(next)));
        }

        assertThat(story.toString().strip()).isEqualTo(published);
    }

    @Test
    void greedyIdsAreThoseOfTheReference() {
        JsonNode reference = Golden.json(Reference.require(FOLDER + "/hf/reference.json"));
        int[] expected = ints(reference.get("ids"));

        int[][] actual = Greedy.extend(model, new int[][] {{BOS}}, expected.length - 1);

        assertThat(actual[0]).containsExactly(Arrays.copyOfRange(expected, 1, expected.length));
    }

    @Test
    void logitsAfterTheStoryAreThoseOfTheReference() {
        JsonNode reference = Golden.json(Reference.require(FOLDER + "/hf/reference.json"));
        JsonNode expected = reference.get("last_logits");
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ints(reference.get("ids"))))
                .lastLogits()
                .build())) {
            float[] logits = run.logits().toFloatArray();
            for (int i = 0; i < logits.length; i++) {
                assertThat((double) logits[i]).isCloseTo(expected.get(i).asDouble(), within(1e-4));
            }
        }
    }

    @Test
    void logitsOfTheOpeningWordsAreThePublishedOnes() {
        int[] ids = {1, 403, 407, 261, 378, 432, 383, 286};
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ids)).build());
                NDArray best = run.logits().argMax(-1);
                NDArray largest = run.logits().max(new int[] {2})) {
            assertThat(best.toLongArray()).containsExactly(403, 407, 261, 378, 432, 383, 286, 261);
            assertThat(largest.toFloatArray()[7]).isCloseTo(19.51595f, within(1e-4f));
        }
    }

    private static String published() throws IOException {
        String page = Files.readString(Reference.require(FOLDER + "/stories260K.md"));
        int from = page.indexOf("Once upon a time");
        return page.substring(from, page.indexOf("```", from)).strip();
    }

    private static List<String> pieces() {
        Path file = Reference.require(FOLDER + "/hf/tokenizer.json");
        List<String> pieces = new ArrayList<>();
        JsonNode vocabulary = Golden.json(file).get("model").get("vocab");
        vocabulary.fieldNames().forEachRemaining(piece -> {
            assertThat(vocabulary.get(piece).asInt()).isEqualTo(pieces.size());
            pieces.add(piece);
        });
        return pieces;
    }

    private static String text(String piece) {
        return piece.equals("<0x0A>") ? "\n" : piece.replace('\u2581', ' ');
    }

    private static int[] ints(JsonNode array) {
        int[] ints = new int[array.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = array.get(i).asInt();
        }
        return ints;
    }
}
