package org.headscope.app.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.Table.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class PointsDrawingTest {
    private static final int WHITE = 0xffffffff;

    @TempDir
    Path folder;

    /** Between 0 and 1 across, and 0 and 2 upwards. */
    private static Table four() {
        return Samples.points(List.of(
                List.of("0.0", 0.0, 0.0, false),
                List.of("0.1", 1.0, 2.0, false),
                List.of("1.0", 0.37, 1.23, false),
                List.of("1.1", 0.63, 0.77, true)));
    }

    private Document svg(Table table) throws Exception {
        Path file = folder.resolve("points.svg");
        Pictures.write(Sight.points(table), "", file);
        return Drawn.xml(file);
    }

    private static Box frame(Document svg) {
        return Drawn.elements(svg, "polyline").stream()
                .filter(line -> Drawn.points(line).size() == 5)
                .map(Drawn::box)
                .findFirst()
                .orElseThrow();
    }

    private static List<Element> shapes(Document svg, int corners) {
        return Drawn.elements(svg, "polygon").stream()
                .filter(shape -> Drawn.points(shape).size() == corners)
                .toList();
    }

    /** Where a number lies when a twentieth of the span is left free at both ends, counted by hand. */
    private static Spot expected(Box frame, double x, double y) {
        return new Spot(
                frame.x() + (x + 0.05) / 1.1 * frame.width(), frame.bottom() - (y + 0.1) / 2.2 * frame.height());
    }

    private static int pixel(BufferedImage picture, Spot at, double beside) {
        return picture.getRGB((int) Math.round(2 * (at.x() + beside)), (int) Math.round(2 * at.y()));
    }

    @Test
    void pointsLieWhereTheirNumbersSayInTheColourAndShapeOfTheirKind() throws Exception {
        Box frame = frame(svg(four()));
        BufferedImage picture = Pictures.image(Sight.points(four()));
        Spot usual = expected(frame, 0.37, 1.23);
        Spot outstanding = expected(frame, 0.63, 0.77);

        assertThat(pixel(picture, outstanding, 0)).isEqualTo(0xffd55e00);
        assertThat(pixel(picture, outstanding, 4)).as("to its corner").isEqualTo(0xffd55e00);
        int grey = pixel(picture, usual, 0);
        assertThat(grey & 0xff).isCloseTo(0xff - (0xff - 0x7a) * 0xa0 / 0xff, Offset.offset(2));
        assertThat(grey >> 16 & 0xff).as("grey").isEqualTo(grey & 0xff);
        assertThat(pixel(picture, usual, 4.5)).as("dots are smaller").isEqualTo(WHITE);
    }

    @Test
    void onlyWhatStandsOutIsNamedAndAxesSayWhatTheyMeasure() throws Exception {
        List<String> texts = Drawn.texts(svg(four()));

        assertThat(texts).contains("Scores", "induction (share)", "copying (logits)", "1.1", "diamonds: above 0.4");
        assertThat(texts).doesNotContain("0.0", "0.1", "1.0");
        assertThat(texts).as("numbers of both scales").contains("0.2", "1.5");
    }

    @Test
    void withoutMarksNothingStandsOut() throws Exception {
        Table bare = new Table(
                "Scores",
                List.of(Column.text("head"), Column.number("a", ""), Column.number("b", "")),
                List.of(List.of("first", 1.0, 2.0), List.of("second", 2.0, 1.0)));
        Document svg = svg(bare);

        assertThat(shapes(svg, 4)).isEmpty();
        assertThat(shapes(svg, 16)).hasSize(2);
        assertThat(Drawn.texts(svg)).noneMatch(text -> text.contains("diamonds") || text.contains("rows shown"));
    }

    @Test
    void rowsWithoutNumbersAreLeftOutAndThePictureSaysSo() throws Exception {
        List<List<Object>> rows = new ArrayList<>(four().rows());
        rows.add(List.of("no x", Double.NaN, 1.0, true));
        rows.add(List.of("no y", 0.5, Double.NaN, false));
        Document svg = svg(Samples.points(rows));

        assertThat(shapes(svg, 4)).hasSize(1);
        assertThat(shapes(svg, 16)).hasSize(3);
        assertThat(Drawn.texts(svg))
                .doesNotContain("no x", "no y")
                .contains("diamonds: above 0.4 · 4 of 6 rows shown, the others lack a number");
    }

    /** In both ways a name can be written, from its beginning and up to its end. */
    private static Box room(Document svg, String name) {
        Element text = Drawn.text(svg, name);
        double width = TextStyle.PLAIN.width(name);
        double left =
                Drawn.number(text, "x") - (text.getAttribute("text-anchor").equals("end") ? width : 0);
        return new Box(left, Drawn.number(text, "y") - 8, width, 10);
    }

    @Test
    void namesStayInThePlotAndOffEachOther() throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        rows.add(List.of("in the lower left corner", 0.0, 0.0, true));
        IntStream.range(0, 12).forEach(i -> rows.add(List.of("crowded at the edge " + i, 1.0, 2 - i / 1000.0, true)));
        IntStream.range(0, 12).forEach(i -> rows.add(List.of("in the middle " + i, 0.5 + i / 500.0, 1.0, true)));
        Document svg = svg(Samples.points(rows));
        List<Box> rooms =
                rows.stream().map(row -> room(svg, row.get(0).toString())).toList();

        assertThat(rooms).allMatch(room -> room.isInside(frame(svg)));
        for (int i = 0; i < rooms.size(); i++) {
            assertThat(rooms.subList(0, i)).as("before " + rows.get(i)).noneMatch(rooms.get(i)::meets);
        }
    }

    @Test
    void nameTooLongForEitherSideIsStillInThePlot() throws Exception {
        String name = "日本語の長い名前".repeat(4);
        Document svg = svg(Samples.points(
                List.of(List.of("a", 0.0, 0.0, false), List.of(name, 0.5, 0.5, true), List.of("b", 1.0, 1.0, false))));

        assertThat(room(svg, name).right()).isLessThanOrEqualTo(frame(svg).right());
    }

    @Test
    void fortyNamesAreWrittenAndOneMoreHidesThemAll() throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        IntStream.range(0, 40).forEach(i -> rows.add(List.of("head " + i, i / 40.0, (i * 7 % 40) / 20.0, true)));

        assertThat(Drawn.texts(svg(Samples.points(rows))))
                .filteredOn(text -> text.startsWith("head "))
                .hasSize(40);
        rows.add(List.of("head 40", 1.0, 2.0, true));
        Document svg = svg(Samples.points(rows));
        assertThat(Drawn.texts(svg)).noneMatch(text -> text.startsWith("head "));
        assertThat(shapes(svg, 4)).hasSize(41);
    }
}
