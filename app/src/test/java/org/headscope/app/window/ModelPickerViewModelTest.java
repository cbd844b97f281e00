package org.headscope.app.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headscope.app.files.Assets;
import org.headscope.app.testing.AnsweringDialogs;
import org.headscope.app.window.ModelChoice.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPickerViewModelTest {
    private final AnsweringDialogs dialogs = new AnsweringDialogs();
    private final ModelPickerViewModel picker = new ModelPickerViewModel(dialogs);
    private final List<ModelChoice> asked = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void chosenFolderIsOpened() {
        picker.onOpenProperty().set(asked::add);
        dialogs.answerFolder(folder);

        picker.chooseFolder();

        assertThat(asked).containsExactly(new ModelChoice(Kind.FOLDER, folder));
    }

    @Test
    void changedMindOpensNothing() {
        picker.onOpenProperty().set(asked::add);

        picker.chooseFolder();

        assertThat(asked).isEmpty();
        assertThat(picker.busyProperty().get()).isFalse();
    }

    @Test
    void failedOpeningKeepsTheOpenModel() {
        ModelChoice first = new ModelChoice(Kind.FOLDER, folder.resolve("first"));
        picker.onOpenProperty().set(asked::add);
        picker.opened(first, "small");
        picker.open(new ModelChoice(Kind.FOLDER, folder.resolve("broken")));

        picker.openFailed();

        assertThat(picker.currentProperty().get()).isEqualTo(first);
        assertThat(picker.busyProperty().get()).isFalse();
    }

    @Test
    void reopenedModelMovesToTheFrontOfTheRecentOnes() {
        ModelChoice a = new ModelChoice(Kind.FOLDER, folder.resolve("a"));
        ModelChoice b = new ModelChoice(Kind.FOLDER, folder.resolve("b"));
        picker.opened(a, "");
        picker.opened(b, "");
        picker.opened(a, "");

        assertThat(picker.recent()).containsExactly(a, b);
    }

    @Test
    void oldestOfManyModelsIsForgotten() {
        for (int i = 0; i < 20; i++) {
            picker.opened(new ModelChoice(Kind.FOLDER, folder.resolve("m" + i)), "");
        }

        assertThat(picker.recent()).hasSize(8);
        assertThat(picker.recent().get(0).label()).isEqualTo("m19");
    }

    @Test
    void shippedModelIsNotListedAmongTheRecentOnes() {
        picker.opened(new ModelChoice(Kind.BUNDLED, folder), "");

        assertThat(picker.recent()).isEmpty();
    }

    @Test
    void onlyFoldersWithAConfigurationAreShippedModels() throws IOException {
        Files.createDirectories(folder.resolve("models/good"));
        Files.writeString(folder.resolve("models/good/config.json"), "{}");
        Files.createDirectories(folder.resolve("models/notes"));

        picker.findBundled(Assets.at(folder));

        assertThat(picker.bundled()).extracting(ModelChoice::label).containsExactly("good");
    }

    @Test
    void recentFolderThatIsGoneIsLeftOut() {
        picker.setRecent(List.of(folder.toString(), folder.resolve("gone").toString()));

        assertThat(picker.recent()).containsExactly(new ModelChoice(Kind.FOLDER, folder));
    }
}
