package org.headscope.app.lesson;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.headscope.app.files.UserHome;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.AtomicFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * How far someone has come.
 *
 * @param lessons by id
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LessonProgress(Map<String, Mark> lessons) {
    /** Nothing begun. */
    public static final LessonProgress NONE = new LessonProgress(Map.of());

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Files written by other versions may lack parts. */
    public LessonProgress(@Nullable Map<String, Mark> lessons) {
        this.lessons = lessons == null ? Map.of() : Map.copyOf(lessons);
    }

    /**
     * How far one lesson has come.
     *
     * @param step the step shown last, counted from 0
     * @param solved the steps whose questions are solved, counted from 0
     * @param done whether the last step was seen with every question solved
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Mark(int step, Set<Integer> solved, boolean done) {
        /** Not begun. */
        public static final Mark NONE = new Mark(0, Set.of(), false);

        /** Files written by other versions may lack parts. */
        public Mark(int step, @Nullable Set<Integer> solved, boolean done) {
            this.step = step;
            this.solved = solved == null ? Set.of() : Set.copyOf(solved);
            this.done = done;
        }

        /** {@return the same at another step of a lesson} */
        public Mark at(int shown, Lesson lesson) {
            return new Mark(shown, solved, done || shown == lesson.steps().size() - 1 && all(solved, lesson));
        }

        /** {@return the same with one more question solved} */
        public Mark withSolved(int question, Lesson lesson) {
            Set<Integer> more = new TreeSet<>(solved);
            more.add(question);
            return new Mark(step, more, done).at(step, lesson);
        }

        private static boolean all(Set<Integer> solved, Lesson lesson) {
            return solved.size() >= lesson.questions();
        }
    }

    /** {@return how far a lesson has come} */
    public Mark of(String lesson) {
        return lessons.getOrDefault(lesson, Mark.NONE);
    }

    /** {@return the same with one lesson elsewhere} */
    public LessonProgress with(String lesson, Mark mark) {
        Map<String, Mark> more = new TreeMap<>(lessons);
        more.put(lesson, mark);
        return new LessonProgress(more);
    }

    /** Reads it; a file that cannot be read is worth a line in the log and a fresh start. */
    public static LessonProgress load(UserHome home) {
        Path file = file(home);
        if (!Files.exists(file)) {
            return NONE;
        }
        try {
            return JSON.readValue(Files.readAllBytes(file), LessonProgress.class);
        } catch (IOException e) {
            LoggerFactory.getLogger(LessonProgress.class).warn("Cannot read {}, lessons begin anew", file, e);
            return NONE;
        }
    }

    /**
     * Writes it.
     *
     * @throws HeadscopeException when the file cannot be written
     */
    public void save(UserHome home) {
        try {
            AtomicFile.writeText(
                    file(home), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new HeadscopeException("Cannot write the progress: " + e.getOriginalMessage(), e);
        }
    }

    private static Path file(UserHome home) {
        return home.root().resolve("lessons.json");
    }
}
