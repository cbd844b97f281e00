package org.headscope.app.lesson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.app.files.Assets;
import org.headscope.app.lesson.LessonShelf.Entry;
import org.headscope.app.model.ModelCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong in a lesson file is told with its place and with what is allowed there. */
class LessonReaderTest {
    private static final String GOOD =
            """
            {"title": "T", "minutes": 3, "model": "world-6l", "steps": [
              {"text": ["a"], "prompt": "p", "show": ["heads", "analysis"],
               "analysis": {"id": "attention-pattern", "parameters": {"layer": 1}},
               "question": {"kind": "largest", "ask": "q", "hint": "h", "panel": "Attention"}}]}
            """;

    private final LessonReader reader = new LessonReader(new ModelCatalog(Assets.locate()), AnalysisRegistry.load());

    @TempDir
    Path folder;

    @Test
    void goodLessonIsRead() throws IOException {
        Lesson lesson = read(GOOD);

        assertThat(lesson.id()).isEqualTo("x");
        Step step = lesson.steps().get(0);
        assertThat(step.computation()).isNotNull();
        assertThat(step.computation().parameters()).containsEntry("layer", "1").containsEntry("prompt", "p");
        assertThat(step.question())
                .isEqualTo(new Question.Extreme(new Question.Wording("q", "h", ""), "Attention", true, 0.05));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"minutes\": 3|\"minuts\": 3|unknown key \"minuts\"|title, minutes, about, model, steps",
                "\"minutes\": 3|\"minutes\": \"3\"|minutes|a whole number of at least 1",
                "world-6l|gpt-9|model|induction-2l, world-6l",
                "attention-pattern|attention-patern|steps[0].analysis.id|attention-pattern",
                "\"layer\": 1|\"lair\": 1|steps[0].analysis.parameters|--layer",
                "\"layer\": 1|\"layer\": \"one\"|steps[0].analysis.parameters|a whole number",
                "\"heads\"|\"head\"|steps[0].show[0]|heads, predictions, attention, analysis",
                "largest|larges|steps[0].question.kind|largest, smallest, prediction, number, choice",
                "\"hint\": \"h\", |\"hnt\": \"h\", |steps[0].question: unknown key \"hnt\"|hint",
                "\"ask\": \"q\", ||steps[0].question.ask|a text in quotes",
                "\"text\": [\"a\"], ||steps[0].text|at least 1",
                "\"prompt\": \"p\", ||steps[0].analysis.parameters|--prompt",
                "\"text\"|\"mask\": [\"7\"], \"text\"|steps[0].mask[0]|layer.head",
                "\"panel\": \"Attention\"|\"panel\": \"A\", \"within\": 2|steps[0].question.within|from 0 to below 1",
                "{\"title\"|{\"title\": \"T\", \"title\"|JSON|Duplicate",
            })
    void mistakeIsToldWithItsPlaceAndWhatIsAllowed(String part, String instead, String place, String allowed) {
        assertThat(GOOD).contains(part);
        String bad = GOOD.replace(part, instead == null ? "" : instead);

        assertThatThrownBy(() -> read(bad))
                .isInstanceOf(LessonException.class)
                .hasMessageStartingWith("x.json")
                .hasMessageContaining(place)
                .hasMessageContaining(allowed);
    }

    @Test
    void solutionThatBreaksItsOwnRulesIsRefused() {
        String question =
                """
                {"kind": "prediction", "ask": "q", "hint": "h", "is": " a", "at_most": 1, "solution": ["0.0", "0.1"]}
                """;
        String bad = GOOD.replaceAll("\\{\"kind\".*?\\}", question.strip());

        assertThatThrownBy(() -> read(bad)).hasMessageContaining("steps[0].question.solution: it has 2 heads");
    }

    @Test
    void brokenLessonTakesNoOtherWithIt() throws IOException {
        Files.writeString(folder.resolve("1.json"), "{\"title\": ");
        Files.writeString(folder.resolve("2.json"), GOOD);
        Files.writeString(folder.resolve("notes.txt"), "no lesson");

        List<Entry> entries = new LessonShelf(List.of(folder, folder.resolve("none")), reader).entries();

        assertThat(entries).hasSize(2);
        assertThat(entries.get(0).lesson()).isNull();
        assertThat(entries.get(0).error()).startsWith("1.json").contains("JSON");
        assertThat(entries.get(1).lesson()).isNotNull();
    }

    private Lesson read(String text) throws IOException {
        return reader.read(Files.writeString(folder.resolve("x.json"), text));
    }
}
