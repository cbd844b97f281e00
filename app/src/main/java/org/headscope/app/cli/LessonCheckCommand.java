package org.headscope.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.app.files.Assets;
import org.headscope.app.files.UserHome;
import org.headscope.app.lesson.Lesson;
import org.headscope.app.lesson.LessonException;
import org.headscope.app.lesson.LessonLab;
import org.headscope.app.lesson.LessonProof;
import org.headscope.app.lesson.LessonProof.Line;
import org.headscope.app.lesson.LessonShelf;
import org.headscope.app.lesson.LessonShelf.Entry;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.workbench.OpenModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headscope lesson check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Run every step of a lesson on its model, solve every question, and see that wrong answers are"
                + " refused. Exit code 1 when something does not hold.")
final class LessonCheckCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "<file>", description = "A lesson file; all lessons without it.")
    private @Nullable Path file;

    @Mixin
    private CliOutput output = new CliOutput();

    private final AnalysisRegistry analyses = AnalysisRegistry.load();

    /** What is printed with {@code --json} for each lesson. */
    record Report(String lesson, boolean passed, List<Line> lines) {}

    @Override
    public Integer call() {
        LessonShelf shelf = LessonShelf.of(Assets.locate(), UserHome.locate(), analyses);
        List<Report> reports = new ArrayList<>();
        Map<String, List<Lesson>> byModel = new LinkedHashMap<>();
        for (Entry entry : entries(shelf)) {
            Lesson lesson = entry.lesson();
            if (lesson == null) {
                reports.add(new Report(
                        String.valueOf(entry.file().getFileName()), false, List.of(new Line(0, false, entry.error()))));
            } else {
                byModel.computeIfAbsent(lesson.model(), model -> new ArrayList<>())
                        .add(lesson);
            }
        }
        byModel.forEach((model, lessons) -> reports.addAll(prove(model, lessons)));
        output.print(reports, out -> reports.forEach(report -> print(report, out)));
        return reports.stream().allMatch(Report::passed) ? 0 : 1;
    }

    private List<Entry> entries(LessonShelf shelf) {
        if (file == null) {
            return shelf.entries();
        }
        try {
            return List.of(new Entry(file, shelf.read(file), ""));
        } catch (LessonException e) {
            return List.of(new Entry(file, null, String.valueOf(e.getMessage())));
        }
    }

    private List<Report> prove(String name, List<Lesson> lessons) {
        List<Report> reports = new ArrayList<>();
        try (OpenModel model = OpenModel.load(ModelCatalog.standard().resolve(name))) {
            for (Lesson lesson : lessons) {
                try (CliProgress progress = new CliProgress(output.progress(lesson.title()))) {
                    List<Line> lines = new LessonProof(new LessonLab(model, analyses, progress)).of(lesson);
                    reports.add(new Report(lesson.id(), lines.stream().allMatch(Line::passed), lines));
                }
            }
        }
        return reports;
    }

    private static void print(Report report, PrintWriter out) {
        out.printf(Locale.ROOT, "%s: %s%n", report.lesson, report.passed ? "passed" : "FAILED");
        report.lines.forEach(line ->
                out.println(line.step() == 0 ? "  " + line.found() : "  step " + line.step() + "  " + line.found()));
    }
}
