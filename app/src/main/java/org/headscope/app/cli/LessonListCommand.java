package org.headscope.app.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.app.files.Assets;
import org.headscope.app.files.UserHome;
import org.headscope.app.lesson.Lesson;
import org.headscope.app.lesson.LessonProgress;
import org.headscope.app.lesson.LessonShelf;
import org.headscope.app.lesson.LessonShelf.Entry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headscope lesson list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List the lessons: those shipped, and those in the folder lessons of your Headscope home.")
final class LessonListCommand implements Callable<Integer> {
    @Mixin
    private CliOutput output = new CliOutput();

    /** What is printed with {@code --json}. */
    record Line(
            String id,
            @Nullable String title,
            @Nullable Integer minutes,
            @Nullable String model,
            @Nullable Integer steps,
            boolean done,
            String file,
            String error) {}

    @Override
    public Integer call() {
        UserHome home = UserHome.locate();
        LessonProgress progress = LessonProgress.load(home);
        List<Line> lines = LessonShelf.of(Assets.locate(), home, AnalysisRegistry.load()).entries().stream()
                .map(entry -> line(entry, progress))
                .toList();
        output.print(lines, out -> lines.forEach(line -> print(line, out)));
        return lines.stream().allMatch(line -> line.error.isEmpty()) ? 0 : 1;
    }

    private static Line line(Entry entry, LessonProgress progress) {
        Lesson lesson = entry.lesson();
        String file = entry.file().toString();
        if (lesson == null) {
            return new Line(
                    String.valueOf(entry.file().getFileName()), null, null, null, null, false, file, entry.error());
        }
        return new Line(
                lesson.id(),
                lesson.title(),
                lesson.minutes(),
                lesson.model(),
                lesson.steps().size(),
                progress.of(lesson.id()).done(),
                file,
                "");
    }

    private static void print(Line line, PrintWriter out) {
        if (line.error.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "%-22s %-44s %2d min  %2d steps  %s%s%n",
                    line.id,
                    line.title,
                    line.minutes,
                    line.steps,
                    line.model,
                    line.done ? "  done" : "");
        } else {
            out.println(line.error);
        }
    }
}
