package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingFolderTest {
    private static final Plan PLAN = new Plan(7000, 3072, 2e-3, 9_007_199_254_740_993L);

    @TempDir
    Path folder;

    @Test
    void aMissingOrEmptyFolderHasNoPlan() {
        assertThat(new TrainingFolder(folder).plan()).isEmpty();
        assertThat(new TrainingFolder(folder.resolve("new")).plan()).isEmpty();
    }

    @Test
    void theTrainingThatWasBegunGoesOnByItsOwnPlan() {
        TrainingFolder training = new TrainingFolder(folder.resolve("new"));
        training.claim(PLAN);

        assertThat(training.plan()).contains(PLAN);
        assertThatCode(() -> training.claim(PLAN)).doesNotThrowAnyException();
    }

    @Test
    void anotherPlanIsRefusedAndTheFirstStays() {
        TrainingFolder training = new TrainingFolder(folder);
        training.claim(PLAN);

        assertThatThrownBy(() -> training.claim(new Plan(100, 3072, 2e-3, 1)))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("7000 steps")
                .hasMessageContaining("100 steps")
                .hasMessageContaining("another folder");
        assertThat(training.plan()).contains(PLAN);
    }

    @Test
    void aFolderWithSomethingElseIsRefusedByWhatIsInIt() throws IOException {
        for (String name : new String[] {"config.json", "model.safetensors", "notes.txt", "tokenizer.json"}) {
            Files.writeString(folder.resolve(name), "{}");
        }

        assertThatThrownBy(() -> new TrainingFolder(folder).claim(PLAN))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("something else")
                .hasMessageContaining("config.json, model.safetensors, notes.txt and 1 more");
        assertThat(folder.resolve("training.json")).doesNotExist();
    }

    @Test
    void aBrokenPlanIsRefusedByWhatIsMissing() throws IOException {
        Files.writeString(
                folder.resolve("training.json"), "{\"steps\": 10, \"seed\": 1, \"tokens_per_step\": \"many\"}");

        assertThatThrownBy(() -> new TrainingFolder(folder).plan())
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("training.json")
                .hasMessageContaining("no number called tokens_per_step");
    }
}
