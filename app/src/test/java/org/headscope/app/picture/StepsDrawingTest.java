package org.headscope.app.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class StepsDrawingTest {
    private static final Offset<Double> CLOSE = Offset.offset(0.02);

    @TempDir
    Path folder;

    /** Three steps, the second of which is taken apart, and their sum. */
    private static List<List<Object>> rows() {
        return List.of(
                List.of("embedding", 1.5, 0.0, 1.5),
                List.of("layer 0", -2.0, 1.5, -0.5),
                List.of("0.0", -2.5, 1.5, -1.0),
                List.of("0.1", 0.5, -1.0, -0.5),
                List.of("layer 1", 4.0, -0.5, 3.5),
                List.of("difference", 3.5, 0.0, 3.5));
    }

    private Document svg(List<List<Object>> rows) throws Exception {
        Path file = folder.resolve("steps.svg");
        Pictures.write(Sight.steps(Samples.steps(rows)), "", file);
        return Drawn.xml(file);
    }

    /** Rectangles in a colour other than that of the page. */
    private static List<Element> bars(Document svg) {
        return Drawn.elements(svg, "rect").stream()
                .filter(bar -> !bar.getAttribute("fill").equals("#ffffff"))
                .toList();
    }

    /** Upright lines between two bars. */
    private static List<Double> joints(Document svg) {
        return Drawn.elements(svg, "polyline").stream()
                .map(Drawn::points)
                .filter(line -> line.get(1).y() - line.get(0).y() == 8)
                .map(line -> line.get(0).x())
                .toList();
    }

    @Test
    void barsAreAsWideAsTheirNumbersAndEachBeginsWhereTheLastOneEnded() throws Exception {
        List<Box> bars = bars(svg(rows())).stream().map(Drawn::box).toList();
        double unit = bars.get(0).width() / 1.5;
        double zero = bars.get(0).x();

        assertThat(unit).isGreaterThan(20);
        assertThat(bars)
                .extracting(bar -> bar.width() / unit)
                .satisfiesExactly(
                        first -> assertThat(first).isCloseTo(1.5, CLOSE),
                        head -> assertThat(head).isCloseTo(2.5, CLOSE),
                        other -> assertThat(other).isCloseTo(0.5, CLOSE),
                        last -> assertThat(last).isCloseTo(4.0, CLOSE),
                        sum -> assertThat(sum).isCloseTo(3.5, CLOSE));
        assertThat(bars)
                .extracting(bar -> (bar.x() - zero) / unit)
                .satisfiesExactly(
                        first -> assertThat(first).isZero(),
                        head -> assertThat(head).isCloseTo(-1.0, CLOSE),
                        other -> assertThat(other).isCloseTo(-1.0, CLOSE),
                        last -> assertThat(last).isCloseTo(-0.5, CLOSE),
                        sum -> assertThat(sum).isZero());
        assertThat(bars).extracting(Box::y).isSorted();
    }

    @Test
    void pixelsOfABarHaveTheColourOfItsSignAndTheSumOneOfItsOwn() throws Exception {
        List<Element> bars = bars(svg(rows()));
        BufferedImage picture = Pictures.image(Sight.steps(Samples.steps(rows())));
        List<Integer> colors = bars.stream()
                .map(Drawn::box)
                .map(bar -> picture.getRGB((int) (2 * bar.middle()), (int) (2 * bar.y() + bar.height())))
                .toList();

        int up = colors.get(0);
        int down = colors.get(1);
        assertThat(up & 0xff).as("blue").isGreaterThan(up >> 16 & 0xff);
        assertThat(down & 0xff).as("red").isLessThan(down >> 16 & 0xff);
        assertThat(colors.subList(2, 4)).containsExactly(up, up);
        assertThat(colors.get(4)).isEqualTo(0xff7a7a7a);
    }

    @Test
    void aStepThatIsTakenApartIsOnlyAFrame() throws Exception {
        Document svg = svg(rows());
        Box first = Drawn.box(bars(svg).get(0));
        List<Box> frames = Drawn.elements(svg, "polyline").stream()
                .filter(line -> Drawn.points(line).size() == 5)
                .map(Drawn::box)
                .toList();

        assertThat(frames).hasSize(1);
        assertThat(frames.get(0).width()).isCloseTo(first.width() / 1.5 * 2, CLOSE);
        assertThat(frames.get(0).right()).isCloseTo(first.right(), CLOSE);
    }

    @Test
    void namesSignedNumbersAndUnitAreText() throws Exception {
        assertThat(Drawn.texts(svg(rows())))
                .contains("Attribution", "embedding", "layer 0", "0.0", "0.1", "layer 1", "difference")
                .contains("+1.5", "−2", "−2.5", "+0.5", "+4", "+3.5", "effect (logits)");
    }

    @Test
    void numbersStandBesideTheirBars() throws Exception {
        Document svg = svg(rows());
        Box last = Drawn.box(bars(svg).get(3));
        Element number = Drawn.text(svg, "+4");

        assertThat(Drawn.number(number, "x")).isBetween(last.right() + 3, last.right() + 10);
        assertThat(Drawn.number(number, "y")).isBetween(last.y(), last.bottom() + 2);
    }

    @Test
    void linesLeadFromBarToBarAndIntoTheSum() throws Exception {
        Document svg = svg(rows());
        List<Box> bars = bars(svg).stream().map(Drawn::box).toList();
        double afterFirst = bars.get(0).right();

        assertThat(joints(svg)).hasSize(5);
        assertThat(joints(svg).get(0)).isCloseTo(afterFirst, CLOSE);
        assertThat(joints(svg).get(1)).as("into the parts").isCloseTo(afterFirst, CLOSE);
        assertThat(joints(svg).get(2)).isCloseTo(bars.get(1).x(), CLOSE);
        assertThat(joints(svg).get(3)).isCloseTo(bars.get(3).x(), CLOSE);
        assertThat(joints(svg).get(4)).isCloseTo(bars.get(4).right(), CLOSE);
    }

    @Test
    void whereTheWayIsBrokenThereIsNoLine() throws Exception {
        Document svg = svg(List.of(
                List.of("a", 1.0, 0.0, 1.0), List.of("elsewhere", 1.0, 2.0, 3.0), List.of("sum", 5.0, 0.0, 5.0)));

        assertThat(joints(svg)).isEmpty();
    }

    @Test
    void unknownNumbersHaveNoBarButStayInTheList() throws Exception {
        Document svg = svg(List.of(
                List.of("a", 1.0, 0.0, 1.0),
                List.of("unknown", Double.NaN, 1.0, Double.NaN),
                List.of("sum", 1.0, 0.0, 1.0)));

        assertThat(bars(svg)).hasSize(2);
        assertThat(Drawn.texts(svg)).contains("unknown", "–");
    }

    private static List<List<Object>> many(int count) {
        List<List<Object>> rows = new ArrayList<>();
        IntStream.range(0, count - 1).forEach(i -> rows.add(List.of("step " + i, 0.5, i / 2.0, (i + 1) / 2.0)));
        rows.add(List.of("all of it", (count - 1) / 2.0, 0.0, (count - 1) / 2.0));
        return rows;
    }

    @Test
    void thePictureGrowsWithItsRows() throws Exception {
        double ten = Drawn.number(svg(many(10)).getDocumentElement(), "height");
        Document svg = svg(many(400));

        assertThat(Drawn.number(svg.getDocumentElement(), "height") - ten).isEqualTo(390 * 18);
        assertThat(bars(svg)).hasSize(400);
        assertThat(Drawn.texts(svg)).contains("step 398", "all of it");
    }

    @Test
    void tooManyRowsAreCutBeforeTheSumAndThePictureSaysSo() throws Exception {
        Document svg = svg(many(500));

        assertThat(bars(svg)).hasSize(400);
        assertThat(Drawn.texts(svg))
                .contains("all of it", "step 398", "the first 399 of 499 steps, and the sum")
                .doesNotContain("step 399");
    }
}
