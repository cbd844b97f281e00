package org.headscope.app.dialog;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import javafx.scene.Node;
import javafx.scene.control.Alert;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar.ButtonData;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Modality;
import javafx.stage.Window;
import org.headscope.app.files.UserHome;
import org.headscope.app.text.Messages;
import org.headscope.app.theme.ThemeManager;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dialogs of the real window. */
public final class FxDialogs implements Dialogs {
    private static final Logger LOG = LoggerFactory.getLogger(FxDialogs.class);
    private final ThemeManager themes;
    private final UserHome home;
    private final Executor windowThread;
    private final AtomicBoolean tellingFailure = new AtomicBoolean();
    private @Nullable Window owner;
    private @Nullable Path lastFolder;

    /**
     * @param themes dresses the dialogs
     * @param home where the log is
     * @param windowThread leads to the window's thread from any other
     */
    public FxDialogs(ThemeManager themes, UserHome home, Executor windowThread) {
        this.themes = themes;
        this.home = home;
        this.windowThread = windowThread;
    }

    /** @param window the window that dialogs belong to */
    public void setOwner(Window window) {
        owner = window;
    }

    @Override
    public Optional<Path> chooseFolder(String title) {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(title);
        chooser.setInitialDirectory(startFolder());
        return chosen(chooser.showDialog(owner));
    }

    @Override
    public Optional<Path> openFile(String title, FileType type) {
        return chosen(chooser(title, type).showOpenDialog(owner));
    }

    @Override
    public Optional<Path> saveFile(String title, String suggestion, FileType type) {
        FileChooser chooser = chooser(title, type);
        chooser.setInitialFileName(suggestion);
        return chosen(chooser.showSaveDialog(owner));
    }

    @Override
    public boolean confirm(String question, String agree) {
        ButtonType yes = new ButtonType(agree, ButtonData.OK_DONE);
        Alert alert = new Alert(Alert.AlertType.CONFIRMATION, question, yes, ButtonType.CANCEL);
        alert.setHeaderText(null);
        alert.setGraphic(icon("mdi2h-help-circle-outline", "question"));
        dress(alert);
        return alert.showAndWait().filter(yes::equals).isPresent();
    }

    @Override
    public void notice(String title, String text) {
        Alert alert = new Alert(Alert.AlertType.INFORMATION, text, ButtonType.CLOSE);
        alert.setTitle(title);
        alert.setHeaderText(title);
        alert.setGraphic(icon("mdi2i-information-outline", "notice"));
        dress(alert);
        alert.show();
    }

    @Override
    public void show(String title, Node content) {
        Alert alert = new Alert(Alert.AlertType.NONE, "", ButtonType.CLOSE);
        alert.initModality(Modality.NONE);
        alert.setTitle(title);
        alert.setResizable(true);
        alert.getDialogPane().setContent(content);
        dress(alert);
        alert.show();
    }

    /** One failure dialog at a time: when one thing breaks, ten others often break with it. */
    @Override
    public void failure(String doing, Throwable failure) {
        LOG.error("{} failed", doing, failure);
        if (tellingFailure.compareAndSet(false, true)) {
            windowThread.execute(() -> showFailure(doing, FailureText.of(failure)));
        }
    }

    private void showFailure(String doing, FailureText text) {
        Alert alert = new Alert(Alert.AlertType.ERROR, text.message(), ButtonType.CLOSE);
        alert.setTitle(Messages.get("failure.title"));
        alert.setHeaderText(Messages.get("failure.header", doing));
        alert.setGraphic(icon("mdi2a-alert-circle-outline", "failure"));
        alert.setResizable(true);
        alert.getDialogPane().setExpandableContent(new FailureDetails(text.details(), home.logFile()));
        alert.setOnHidden(event -> tellingFailure.set(false));
        dress(alert);
        if (alert.getDialogPane().lookupButton(ButtonType.CLOSE) instanceof Button close) {
            close.setDefaultButton(true);
        }
        alert.show();
    }

    private static FontIcon icon(String literal, String kind) {
        FontIcon icon = new FontIcon(literal);
        icon.getStyleClass().addAll("dialog-icon", kind);
        return icon;
    }

    private void dress(Dialog<?> dialog) {
        if (owner != null && owner.isShowing()) {
            dialog.initOwner(owner);
        }
        themes.install(dialog.getDialogPane().getScene());
    }

    private FileChooser chooser(String title, FileType type) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        chooser.setInitialDirectory(startFolder());
        chooser.getExtensionFilters().add(new ExtensionFilter(type.label(), "*." + type.ending()));
        return chooser;
    }

    private @Nullable File startFolder() {
        File folder = lastFolder == null ? null : lastFolder.toFile();
        return folder != null && folder.isDirectory() ? folder : null;
    }

    private Optional<Path> chosen(@Nullable File file) {
        if (file == null) {
            return Optional.empty();
        }
        lastFolder = file.isDirectory()
                ? file.toPath()
                : file.toPath().toAbsolutePath().getParent();
        return Optional.of(file.toPath());
    }
}
