package org.headscope.app.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.Progress;
import org.headscope.app.files.Assets;
import org.headscope.app.files.UserHome;
import org.headscope.app.lesson.LessonProof.Line;
import org.headscope.app.lesson.LessonShelf.Entry;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.workbench.OpenModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every lesson that is shipped works on its model: each step runs, each question is solvable and refuses wrong answers. */
@Tag("engine")
class ShippedLessonsTest {
    private static final AnalysisRegistry ANALYSES = AnalysisRegistry.load();

    @TempDir
    static Path home;

    private static OpenModel model;

    @BeforeAll
    static void open() {
        model = OpenModel.load(ModelCatalog.standard().resolve(ModelCatalog.DEFAULT));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    static List<Lesson> shipped() {
        return entries().stream()
                .map(entry -> Objects.requireNonNull(entry.lesson(), entry.error()))
                .toList();
    }

    private static List<Entry> entries() {
        return LessonShelf.of(Assets.locate(), new UserHome(Path.of("no-such-home")), ANALYSES)
                .entries();
    }

    @Test
    void thereAreAtLeastEightAndNoneIsBroken() {
        assertThat(entries()).hasSizeGreaterThanOrEqualTo(8).allMatch(entry -> entry.error()
                .isEmpty());
        assertThat(shipped()).allSatisfy(lesson -> {
            assertThat(lesson.model()).isEqualTo(ModelCatalog.DEFAULT);
            assertThat(lesson.questions()).isPositive();
            assertThat(lesson.about()).isNotBlank();
            assertThat(lesson.steps()).allMatch(step -> !step.show().isEmpty());
        });
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyStepRunsAndEveryQuestionIsSolvedByItsSolutionAndRefusesAWrongAnswer(Lesson lesson) {
        List<Line> lines = new LessonProof(new LessonLab(model, ANALYSES, Progress.none())).of(lesson);

        assertThat(lines).allMatch(Line::passed);
        Set<Integer> steps = lines.stream().map(Line::step).collect(Collectors.toCollection(TreeSet::new));
        assertThat(steps).hasSize(lesson.steps().size());
        assertThat(lines.stream().filter(line -> line.found().startsWith("solved")))
                .hasSize(lesson.questions());
        assertThat(lines.stream().filter(line -> line.found().startsWith("refused")))
                .hasSizeGreaterThanOrEqualTo(lesson.questions());
    }

    @Test
    void exampleOfTheDocumentationWorks() throws IOException {
        String page = Files.readString(Path.of("../docs/lessons.md"));
        String example = page.substring(page.indexOf("```json") + 7);
        Path file = Files.writeString(home.resolve("mine.json"), example.substring(0, example.indexOf("```")));
        Lesson lesson = new LessonReader(ModelCatalog.standard(), ANALYSES).read(file);

        assertThat(new LessonProof(new LessonLab(model, ANALYSES, Progress.none())).of(lesson))
                .hasSize(4)
                .allMatch(Line::passed);
    }
}
