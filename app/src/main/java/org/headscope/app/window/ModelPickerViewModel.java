package org.headscope.app.window;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.app.dialog.Dialogs;
import org.headscope.app.files.Assets;
import org.headscope.app.text.Messages;
import org.headscope.app.window.ModelChoice.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The choice of model. It only knows folders; whoever loads models sets {@link #onOpenProperty()} and reports back through
 * {@link #opened} or {@link #openFailed}.
 */
public final class ModelPickerViewModel {
    private static final int MOST_RECENT = 8;
    private final Dialogs dialogs;
    private final ObservableList<ModelChoice> bundled = FXCollections.observableArrayList();
    private final ObservableList<ModelChoice> recent = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable ModelChoice> current = new SimpleObjectProperty<>(this, "current");
    private final ObjectProperty<@Nullable ModelChoice> opening = new SimpleObjectProperty<>(this, "opening");
    private final BooleanProperty busy = new SimpleBooleanProperty(this, "busy");
    private final StringProperty summary = new SimpleStringProperty(this, "summary", "");
    private final ObjectProperty<@Nullable Consumer<ModelChoice>> onOpen = new SimpleObjectProperty<>(this, "onOpen");

    public ModelPickerViewModel(Dialogs dialogs) {
        this.dialogs = dialogs;
        busy.bind(opening.isNotNull());
    }

    /** Models shipped with Headscope. */
    public ObservableList<ModelChoice> bundled() {
        return bundled;
    }

    /** Models opened before, newest first. */
    public ObservableList<ModelChoice> recent() {
        return recent;
    }

    /** The open model. */
    public ObjectProperty<@Nullable ModelChoice> currentProperty() {
        return current;
    }

    /** The model being opened. */
    public ObjectProperty<@Nullable ModelChoice> openingProperty() {
        return opening;
    }

    /** Whether a model is being opened. */
    public BooleanProperty busyProperty() {
        return busy;
    }

    /** The open model in a few words, such as its family and size. */
    public StringProperty summaryProperty() {
        return summary;
    }

    /** What opens a model. */
    public ObjectProperty<@Nullable Consumer<ModelChoice>> onOpenProperty() {
        return onOpen;
    }

    /** Asks for a model to be opened; the newest request counts. */
    public void open(ModelChoice choice) {
        Consumer<ModelChoice> opener = onOpen.get();
        if (opener != null) {
            opening.set(choice);
            opener.accept(choice);
        }
    }

    /** Asks for a folder and opens it. */
    public void chooseFolder() {
        dialogs.chooseFolder(Messages.get("picker.chooseFolder"))
                .ifPresent(folder -> open(new ModelChoice(Kind.FOLDER, folder)));
    }

    /**
     * Takes note that a model is open now.
     *
     * @param choice which one
     * @param words its family and size in a few words
     */
    public void opened(ModelChoice choice, String words) {
        opening.set(null);
        current.set(choice);
        summary.set(words);
        if (choice.kind() == Kind.FOLDER) {
            recent.remove(choice);
            recent.add(0, choice);
            recent.remove(Math.min(MOST_RECENT, recent.size()), recent.size());
        }
    }

    /** Takes note that a model could not be opened, or that opening it was stopped; the open one stays. */
    public void openFailed() {
        opening.set(null);
    }

    /** Lists the models shipped: every folder below {@code models} that has a configuration. */
    public void findBundled(Assets assets) {
        Path models = assets.root().resolve("models");
        if (!Files.isDirectory(models)) {
            return;
        }
        try (Stream<Path> folders = Files.list(models)) {
            bundled.setAll(folders.filter(folder -> Files.exists(folder.resolve("config.json")))
                    .sorted()
                    .map(folder -> new ModelChoice(Kind.BUNDLED, folder))
                    .toList());
        } catch (IOException e) {
            LoggerFactory.getLogger(ModelPickerViewModel.class).warn("Cannot list {}", models, e);
        }
    }

    /** Lists models opened at earlier starts; folders that are gone are left out. */
    public void setRecent(List<String> folders) {
        recent.setAll(folders.stream()
                .map(Path::of)
                .filter(Files::isDirectory)
                .map(folder -> new ModelChoice(Kind.FOLDER, folder))
                .toList());
    }
}
