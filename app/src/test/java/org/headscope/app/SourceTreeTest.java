package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What no file of the tree may hold: the tree has to build the same on any machine. */
class SourceTreeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    /** Folders of one machine; the slash before them keeps relative paths and URLs out. */
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.}/~-])/(?:work|tmp|root|home|Users|mnt)/\\w");

    private static final Pattern MERGE_MARKER = Pattern.compile("(?m)^(?:<{7}|>{7}|\\|{7}) ");
    private static final int LARGEST_TEXT = 4_000_000;

    private static List<Path> files;

    @BeforeAll
    static void listWhatGitKeeps() throws Exception {
        assumeTrue(Files.exists(ROOT.resolve(".git")), "not a git checkout, so tracked files are unknown");
        Process git = new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                .directory(ROOT.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(git.waitFor() == 0, "git cannot list the tracked files");
        files = Stream.of(names.split("\0"))
                .map(ROOT::resolve)
                .filter(Files::isRegularFile)
                .toList();
    }

    @Test
    void noFileNamesAFolderOfOneMachine() {
        assertThat(linesMatching(MACHINE_PATH)).isEmpty();
    }

    @Test
    void noMergeMarkerIsLeft() {
        assertThat(linesMatching(MERGE_MARKER)).isEmpty();
    }

    private static List<String> linesMatching(Pattern pattern) {
        return files.stream()
                .filter(file -> !file.endsWith(Path.of("SourceTreeTest.java")))
                .flatMap(file -> text(file)
                        .lines()
                        .filter(line -> pattern.matcher(line).find())
                        .map(line -> ROOT.relativize(file) + ": " + line.strip()))
                .toList();
    }

    /** The text of a file; nothing when it is binary, which a zero byte gives away, or large data. */
    private static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST_TEXT) {
                return "";
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return text.indexOf('\0') < 0 ? text : "";
        } catch (IOException e) {
            throw new AssertionError("Cannot read " + file, e);
        }
    }
}
