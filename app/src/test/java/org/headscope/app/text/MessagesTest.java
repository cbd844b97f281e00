package org.headscope.app.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final Pattern USE = Pattern.compile("Messages\\s*\\.get\\(\\s*\"([^\"]+)\"\\s*[,)]");

    /** Families of keys that are put together from an id, checked where the ids are known. */
    private static final Set<String> BUILT_KEYS = Set.of("command.", "category.", "view.", "job.");

    @Test
    void everyTextUsedExists() throws IOException {
        Set<String> missing = new TreeSet<>(used());
        missing.removeIf(Messages::has);

        assertThat(missing).isEmpty();
    }

    @Test
    void everyTextIsUsed() throws IOException {
        Set<String> unused = new TreeSet<>(
                ResourceBundle.getBundle("org.headscope.app.messages").keySet());
        unused.removeAll(used());
        unused.removeIf(key -> BUILT_KEYS.stream().anyMatch(key::startsWith));

        assertThat(unused).isEmpty();
    }

    @Test
    void gapsAreFilled() {
        assertThat(Messages.get("tokens.described", "3", "·Mary")).isEqualTo("position 3, token “·Mary”");
    }

    @Test
    void missingTextShowsItsKey() {
        assertThat(Messages.get("no." + "such.key")).isEqualTo("‹no.such.key›");
    }

    private static Set<String> used() throws IOException {
        Set<String> keys = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher matcher = USE.matcher(Files.readString(file));
                while (matcher.find()) {
                    keys.add(matcher.group(1));
                }
            }
        }
        return keys;
    }
}
