package org.headscope.app.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.headscope.analysis.result.InvalidPanelException;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.Table.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;

/** What holds for points and for steps. */
class LooksTest {
    @TempDir
    Path folder;

    private Path save(Sight sight, String name) {
        Path file = folder.resolve(name);
        Pictures.write(sight, "origin", file);
        return file;
    }

    private static Sight points(List<String> names) {
        List<List<Object>> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(List.of(name, (double) rows.size(), rows.size() * rows.size() / 7.0, true));
        }
        return Sight.points(Samples.points(rows));
    }

    private static Sight steps(List<String> names) {
        List<List<Object>> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(List.of(name, 1.0, (double) rows.size(), rows.size() + 1.0));
        }
        return Sight.steps(Samples.steps(rows));
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void oneRowAndNoneAtAllCanBeDrawn(PictureFormat format) {
        for (List<String> names : List.of(List.<String>of(), List.of("only"), Samples.HOSTILE)) {
            assertThat(save(points(names), "points." + format.ending())).isNotEmptyFile();
            assertThat(save(steps(names), "steps." + format.ending())).isNotEmptyFile();
        }
    }

    @Test
    void hostileNamesSurvive() throws Exception {
        for (Sight sight : List.of(points(Samples.HOSTILE), steps(Samples.HOSTILE))) {
            Document svg = Drawn.xml(save(sight, "hostile.svg"));
            Path pdf = save(sight, "hostile.pdf");

            // XML has no way to write a control character.
            assertThat(Drawn.texts(svg)).contains("</script><b>", " & \"'", "]]>", "日本", "\ufffd", "مرحبا", "🙂");
            assertThat(Drawn.text(pdf)).contains("</script><b>", "& \"'", "]]>");
            assertThat(Drawn.noted(pdf)).contains("日本", "\u0001", "مرحبا", "🙂");
        }
    }

    @Test
    void longNamesAreCutBetweenCharacters() throws Exception {
        for (Sight sight : List.of(points(List.of("🙂".repeat(70))), steps(List.of("🙂".repeat(70))))) {
            assertThat(Drawn.texts(Drawn.xml(save(sight, "long.svg")))).contains("🙂".repeat(63) + "…");
        }
    }

    @Test
    void manyWideCharactersAreNoLongText() throws Exception {
        String forty = "🙂".repeat(40);
        Sight table = Sight.whole(new Table("Wide", List.of(Column.text("token")), List.of(List.of(forty))));

        for (Sight sight : List.of(table, points(List.of(forty)), steps(List.of(forty)))) {
            assertThat(Drawn.texts(Drawn.xml(save(sight, "wide.svg")))).contains(forty);
        }
    }

    @Test
    void otherColumnsAreRefusedWithThoseExpected() {
        assertThatThrownBy(() -> Pictures.svg(Sight.points(Samples.table())))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("Table 'Numbers' cannot be drawn as points")
                .hasMessageContaining("(TEXT, NUMBER, NUMBER) or (TEXT, NUMBER, NUMBER, BOOLEAN)")
                .hasMessageContaining("not (TEXT, NUMBER, INTEGER)");
        assertThatThrownBy(() -> Pictures.svg(Sight.steps(Samples.table())))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("(TEXT, NUMBER, NUMBER, NUMBER), not (TEXT, NUMBER, INTEGER)");
    }

    @Test
    void whatIsNoTableIsRefused() {
        Sight sight = new Sight(Samples.curve(), Optional.empty(), Sight.Look.STEPS);

        assertThatThrownBy(() -> Pictures.image(sight))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("'Rise'")
                .hasMessageContaining("steps");
    }
}
