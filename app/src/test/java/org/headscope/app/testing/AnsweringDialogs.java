package org.headscope.app.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import org.headscope.app.dialog.Dialogs;
import org.jspecify.annotations.Nullable;

/** Dialogs that answer at once what a test told them, and remember what they were told. */
public final class AnsweringDialogs implements Dialogs {
    private final List<Throwable> failures = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private @Nullable Path path;
    private boolean agree;

    /** @param answer the folder or file to choose from now on */
    public void answerFolder(Path answer) {
        path = answer;
    }

    /** @param answer whether to agree to questions from now on */
    public void answerQuestions(boolean answer) {
        agree = answer;
    }

    public List<Throwable> failures() {
        return failures;
    }

    public List<String> notices() {
        return notices;
    }

    @Override
    public Optional<Path> chooseFolder(String title) {
        return Optional.ofNullable(path);
    }

    @Override
    public Optional<Path> openFile(String title, FileType type) {
        return Optional.ofNullable(path);
    }

    @Override
    public Optional<Path> saveFile(String title, String suggestion, FileType type) {
        return Optional.ofNullable(path);
    }

    @Override
    public boolean confirm(String question, String agreeWord) {
        return agree;
    }

    @Override
    public void notice(String title, String text) {
        notices.add(title + ": " + text);
    }

    @Override
    public void show(String title, Node content) {
        notices.add(title);
    }

    @Override
    public void failure(String doing, Throwable failure) {
        failures.add(failure);
    }
}
