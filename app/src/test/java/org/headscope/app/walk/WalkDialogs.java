package org.headscope.app.walk;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import javafx.scene.Node;
import org.headscope.app.dialog.Dialogs;
import org.headscope.app.text.Messages;
import org.headscope.hooks.HeadscopeException;

/** The real dialogs, except for those that the system draws: those answer at once with nothing, a place to write, or an odd file. */
public final class WalkDialogs implements Dialogs {
    private final Dialogs drawn;
    private final Path folder;
    private final Random random;
    private final List<Path> readable;
    private final Consumer<Throwable> broken;
    private int written;

    /**
     * @param drawn the real ones
     * @param folder where files are saved
     * @param readable files to open
     * @param random decides
     * @param broken is told of failures that nobody had foreseen
     */
    public WalkDialogs(Dialogs drawn, Path folder, List<Path> readable, Random random, Consumer<Throwable> broken) {
        this.drawn = drawn;
        this.folder = folder;
        this.readable = List.copyOf(readable);
        this.random = random;
        this.broken = broken;
    }

    @Override
    public Optional<Path> chooseFolder(String title) {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(folder.resolve("folder" + written++));
    }

    @Override
    public Optional<Path> openFile(String title, FileType type) {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(readable.get(random.nextInt(readable.size())));
    }

    @Override
    public Optional<Path> saveFile(String title, String suggestion, FileType type) {
        return random.nextInt(3) == 0
                ? Optional.empty()
                : Optional.of(folder.resolve(written++ + "-saved." + type.ending()));
    }

    @Override
    public boolean confirm(String question, String agree) {
        return drawn.confirm(question, agree);
    }

    @Override
    public void notice(String title, String text) {
        drawn.notice(title, text);
    }

    @Override
    public void show(String title, Node content) {
        drawn.show(title, content);
    }

    @Override
    public void failure(String doing, Throwable failure) {
        boolean uncaught =
                doing.equals(Messages.get("failure.somewhere")); // even a clear one has to be told at its place
        if (uncaught || !(failure instanceof HeadscopeException)) {
            broken.accept(new AssertionError(doing, failure));
        }
        drawn.failure(doing, failure);
    }
}
