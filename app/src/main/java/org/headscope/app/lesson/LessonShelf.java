package org.headscope.app.lesson;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.files.Assets;
import org.headscope.app.files.UserHome;
import org.headscope.app.model.ModelCatalog;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/** The lessons there are: those shipped, and those in the folder {@code lessons} of the user's home. */
public final class LessonShelf {
    private static final String FOLDER = "lessons";

    private final List<Path> folders;
    private final LessonReader reader;

    /**
     * @param folders where lesson files lie; those that do not exist are skipped
     * @param reader reads them
     */
    public LessonShelf(List<Path> folders, LessonReader reader) {
        this.folders = List.copyOf(folders);
        this.reader = reader;
    }

    /**
     * The lessons of an installation and its user.
     *
     * @param assets what is shipped
     * @param home what is the user's
     * @param analyses what can be computed
     */
    public static LessonShelf of(Assets assets, UserHome home, AnalysisRegistry analyses) {
        return new LessonShelf(
                List.of(assets.root().resolve(FOLDER), home.root().resolve(FOLDER)),
                new LessonReader(new ModelCatalog(assets), analyses));
    }

    /**
     * A lesson file.
     *
     * @param file where it is
     * @param lesson what it says, null when it cannot be used
     * @param error why it cannot be used, empty when it can
     */
    public record Entry(Path file, @Nullable Lesson lesson, String error) {}

    /**
     * Reads all lessons; one that is broken takes none of the others with it.
     *
     * @return by file name, shipped ones first
     * @throws HeadscopeException when a folder cannot be listed
     */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Path folder : folders) {
            files(folder).forEach(file -> entries.add(entry(file)));
        }
        return entries;
    }

    /**
     * Reads one lesson.
     *
     * @throws LessonException when it cannot be used
     */
    public Lesson read(Path file) {
        return reader.read(file);
    }

    private Entry entry(Path file) {
        try {
            return new Entry(file, reader.read(file), "");
        } catch (RuntimeException e) { // whatever a file brings about, the others stay
            return new Entry(file, null, FailureText.of(e).message());
        }
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new HeadscopeException("Cannot list the lessons in " + folder + ": " + e.getMessage(), e);
        }
    }
}
