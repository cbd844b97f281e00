package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.checkpoint.SafetensorsWriter;
import org.headscope.hooks.train.AdamW;
import org.headscope.hooks.train.NextTokenLoss;
import org.headscope.hooks.train.NextTokenLoss.Lesson;
import org.headscope.hooks.train.RandomStart;
import org.headscope.hooks.train.TrainableModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingStateTest {
    private static final Lesson LESSON = new Lesson(new int[][] {{0, 3, 7, 2}}, new float[][] {{0, 1, 1, 1}});

    @TempDir
    Path folder;

    /** A model and its optimizer, some steps on. */
    private static final class Trained implements AutoCloseable {
        private final TrainableModel model;
        private final NDManager manager;
        private final AdamW optimizer;

        Trained(int width, int steps) {
            model = TrainableModel.of(config(width), new RandomStart(new SplittableRandom(steps), 0.1, 1));
            manager = model.model().newManager();
            optimizer = new AdamW(model.parameters(), new AdamW.Settings(0.9, 0.98, 1e-8, 0.1, 1), manager);
            for (int i = 0; i < steps; i++) {
                step();
            }
        }

        void step() {
            new NextTokenLoss(model).learn(LESSON);
            optimizer.step(0.01);
        }

        Map<String, float[]> numbers() {
            Map<String, float[]> numbers = new HashMap<>();
            model.parameters().forEach((name, weight) -> numbers.put(name, weight.toFloatArray()));
            optimizer.moments().forEach((name, moment) -> numbers.put(name, moment.toFloatArray()));
            return numbers;
        }

        @Override
        public void close() {
            model.close();
        }
    }

    private static ObjectNode config(int width) {
        ObjectNode config = new JsonMapper().createObjectNode();
        config.put("model_type", "starcoder2").put("vocab_size", 11).put("hidden_size", width);
        config.put("num_hidden_layers", 1).put("num_attention_heads", 2).put("num_key_value_heads", 1);
        config.put("intermediate_size", 12).put("max_position_embeddings", 16).put("norm_epsilon", 1e-5);
        config.put("hidden_act", "gelu").put("rope_theta", 10_000.0).putNull("sliding_window");
        return config.put("use_bias", true).put("tie_word_embeddings", true);
    }

    private Path file() {
        return folder.resolve("state.safetensors");
    }

    @Test
    void whatWasSavedComesBackAndGoesOnBitForBit() {
        TrainingState state = new TrainingState(folder);
        try (Trained first = new Trained(8, 5);
                Trained second = new Trained(8, 2)) {
            state.save(first.model, first.optimizer);
            int before = second.model.model().ownedResources();
            state.restore(second.model, second.optimizer);
            assertThat(second.model.model().ownedResources()).isEqualTo(before);
            assertThat(second.optimizer.steps()).isEqualTo(5);
            assertThat(second.numbers()).usingRecursiveComparison().isEqualTo(first.numbers());
            first.step();
            second.step();
            assertThat(second.numbers()).usingRecursiveComparison().isEqualTo(first.numbers());
        }
    }

    @Test
    void withoutAFileNothingChanges() {
        try (Trained trained = new Trained(8, 2)) {
            Map<String, float[]> before = trained.numbers();
            new TrainingState(folder).restore(trained.model, trained.optimizer);
            assertThat(trained.numbers()).usingRecursiveComparison().isEqualTo(before);
            assertThat(trained.optimizer.steps()).isEqualTo(2);
        }
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        try (Trained trained = new Trained(8, 2)) {
            new TrainingState(folder).save(trained.model, trained.optimizer);
            byte[] sound = Files.readAllBytes(file());
            for (int length : new int[] {0, 3, 100, sound.length / 2, sound.length - 1}) {
                Files.write(file(), Arrays.copyOf(sound, length));
                refused(trained, "");
            }
        }
    }

    @Test
    void aFileThatIsNoStateOfThisModelIsNamedAndChangesNothing() {
        try (Trained trained = new Trained(8, 2);
                Trained wider = new Trained(16, 3)) {
            new TrainingState(folder).save(wider.model, wider.optimizer);
            refused(trained, "has no 'model.embed_tokens.weight' of shape (11, 8)");
            trained.model.save(file());
            refused(trained, "'steps'");
            new SafetensorsWriter().add("steps", new Shape(1), new long[] {3}).write(file());
            refused(trained, "has no 'model.");
            new SafetensorsWriter().add("steps", new Shape(1), new float[] {3}).write(file());
            refused(trained, "not a number of steps");
            new SafetensorsWriter()
                    .add("steps", new Shape(2), new long[] {3, 4})
                    .write(file());
            refused(trained, "not a number of steps");
            new SafetensorsWriter().add("steps", new Shape(1), new long[] {-3}).write(file());
            refused(trained, "not a number of steps");
        }
    }

    private void refused(Trained trained, String why) {
        Map<String, float[]> before = trained.numbers();
        assertThatThrownBy(() -> new TrainingState(folder).restore(trained.model, trained.optimizer))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining(why)
                .hasMessageContaining("start anew");
        assertThat(trained.numbers()).usingRecursiveComparison().isEqualTo(before);
        assertThat(trained.optimizer.steps()).isEqualTo(2);
    }
}
