package org.headscope.app.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.app.control.color.ColorMap;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class PicturesTest {
    private static final int WHITE = 0xffffffff;
    private static final String ORIGIN = "{\"seed\": 7, \"token\": \"</script><b> 日本\"}";

    @TempDir
    Path folder;

    private Path save(Sight sight, String name) {
        Path file = folder.resolve(name);
        Pictures.write(sight, ORIGIN, file);
        return file;
    }

    private Path save(Panel panel, String name) {
        return save(Sight.whole(panel), name);
    }

    @Test
    void everyCellHasTheColourOfItsNumberAndZeroTheMiddleOne() throws IOException {
        BufferedImage picture = ImageIO.read(save(Samples.heads(), "grid.png").toFile());
        for (int layer = 0; layer < 2; layer++) {
            for (int head = 0; head < 3; head++) {
                // The corner of a cell, where no number is written; pixels are half a unit.
                int color = picture.getRGB(2 * (90 + head * 40 + 37), 2 * (40 + layer * 34 + 31));
                double value = Samples.heads().grid().at(layer, head);
                int expected = Double.isNaN(value) ? WHITE : ColorMap.DIVERGING.argb((value + 2) / 4);
                assertThat(color).as("head %d.%d", layer, head).isEqualTo(expected);
            }
        }
    }

    @Test
    void svgHoldsTitleNumbersAndUnitsAsText() throws Exception {
        Document svg = Drawn.xml(save(Samples.heads(), "grid.svg"));

        assertThat(Drawn.texts(svg))
                .contains("Effect <b>", "−2.00", "1.00", "2.00", "0.50", "0", "logits", "layer", "head");
        assertThat(svg.getElementsByTagName("metadata").item(0).getTextContent())
                .isEqualTo(ORIGIN);
        assertThat(svg.getDocumentElement().getAttribute("width")).isNotBlank();
    }

    @Test
    void pdfHoldsTitleNumbersAndOrigin() throws IOException {
        Path pdf = save(Samples.heads(), "grid.pdf");

        assertThat(Drawn.text(pdf)).contains("Effect <b>", "-2.00", "0.50", "logits");
        try (PDDocument document = Loader.loadPDF(pdf.toFile())) {
            assertThat(document.getDocumentInformation().getCustomMetadataValue("Provenance"))
                    .isEqualTo(ORIGIN);
        }
    }

    @Test
    void pngHoldsItsOrigin() throws IOException {
        byte[] png = Files.readAllBytes(save(Samples.heads(), "grid.png"));

        assertThat(new String(png, StandardCharsets.UTF_8)).contains("Provenance", ORIGIN);
    }

    @Test
    void tokensInAnyScriptSurviveInSvgAndPdf() throws Exception {
        Panel panel = Samples.attention(Samples.HOSTILE);
        Document svg = Drawn.xml(save(panel, "tokens.svg"));
        Path pdf = save(panel, "tokens.pdf");

        assertThat(Drawn.texts(svg)).contains("</script><b>", "·&·\"'", "]]>", "日本", "␁", "مرحبا", "🙂");
        assertThat(Drawn.text(pdf)).contains("</script><b>", "]]>");
        // What Helvetica lacks is drawn, and noted beside the drawing.
        assertThat(Drawn.noted(pdf)).contains("日本", "␁", "🙂");
    }

    @Test
    void sliceInSightIsDrawnAndNamed() throws Exception {
        var panel = Samples.headPositions();
        GridSlice third = GridSlice.of(panel).at(2, 3);
        List<String> texts = Drawn.texts(Drawn.xml(save(Sight.cut(panel, third), "slice.svg")));

        assertThat(texts).contains("head 3", "3", "13", "123").doesNotContain("122", "head 2");
    }

    @Test
    void gridOfManyAxesIsDrawnCutByCutOnOneScale() throws Exception {
        Document svg = Drawn.xml(save(Samples.headPositions(), "tiles.svg"));
        NodeList shapes = svg.getElementsByTagName("rect");
        List<String> cells = IntStream.range(0, shapes.getLength())
                .mapToObj(i -> shapes.item(i).getAttributes())
                .filter(shape -> shape.getNamedItem("width").getNodeValue().equals("36.67"))
                .map(shape -> shape.getNamedItem("fill").getNodeValue())
                .toList();

        assertThat(Drawn.texts(svg)).contains("head 0", "head 1", "head 2", "head 3");
        assertThat(cells).hasSize(24);
        for (int head = 0; head < 4; head++) { // the last cell of each: 120 and the head, of 123
            String expected = "#%06x".formatted(ColorMap.DIVERGING.argb((123 + 120 + head) / 246.0) & 0xffffff);
            assertThat(cells.get(6 * head + 5)).isEqualTo(expected);
        }
    }

    @Test
    void curveGoesThroughItsPoints() throws IOException {
        Curve.Line line = new Curve.Line("a", List.of(0.0, 1.0, 2.0), List.of(0.0, 1.0, 1.0));
        Panel panel = new Curve("Rise", Quantity.unsigned("x", ""), Quantity.unsigned("y", ""), List.of(line));

        BufferedImage picture = ImageIO.read(save(panel, "curve.png").toFile());
        int middle = picture.getRGB(2 * (60 + 140), 2 * (40 + 140));
        int beside = picture.getRGB(2 * (60 + 140), 2 * (40 + 60));
        assertThat(middle & 0xff).as("blue on the line").isGreaterThan(middle >> 16 & 0xff);
        assertThat(beside).isEqualTo(WHITE);
    }

    @Test
    void bandOfACurveIsDrawnAndTheScaleHasRoomForIt() throws Exception {
        Document svg = Drawn.xml(save(Samples.curve(), "curve.svg"));
        NodeList areas = svg.getElementsByTagName("polygon");
        List<String> bands = IntStream.range(0, areas.getLength())
                .mapToObj(i -> areas.item(i).getAttributes())
                .filter(area -> area.getNamedItem("fill-opacity") != null)
                .map(area -> area.getNamedItem("points").getNodeValue())
                .toList();

        // x from 60 to 620, y from 320 (0) up to 40 (3, the upper edge of the band).
        assertThat(bands).containsExactly("60,296.67 340,250 620,320 620,273.33 340,40 60,250");
        assertThat(Drawn.texts(svg)).contains("with band", "gap & more", "score (nats)", "k", "3");
    }

    @Test
    void tableHoldsItsEntries() throws Exception {
        assertThat(Drawn.texts(Drawn.xml(save(Samples.table(), "table.svg"))))
                .contains("token", "loss (nats)", "</script><b>", "1.25", "日本", "–", "40");
        assertThat(Drawn.text(save(Samples.table(), "table.pdf"))).contains("</script><b>", "1.25", "40");
    }

    @Test
    void graphStandsLayerAboveLayerWithWidthsByScore() throws Exception {
        Document svg = Drawn.xml(save(Samples.graph(), "graph.svg"));
        NodeList found = svg.getElementsByTagName("text");
        List<String> fromAbove = new ArrayList<>();
        IntStream.range(0, found.getLength())
                .mapToObj(found::item)
                .filter(node -> node.getTextContent().matches("input|logits|m0|a\\d.*"))
                .forEach(node -> fromAbove.add(node.getTextContent()));

        assertThat(fromAbove).containsExactly("logits", "a1.h0", "m0", "a0.h1", "input");
        assertThat(Drawn.texts(svg)).anyMatch(text -> text.contains("5 of 6 edges"));
        assertThat(Files.readString(folder.resolve("graph.svg")))
                .contains("stroke-width=\"4\"") // 1.5, the strongest
                .contains("stroke-width=\"1.6\""); // 0.5, a third: 0.4 + 3.6 / 3
    }

    @Test
    void largeMapsStaySmallFiles() throws Exception {
        Panel panel = Samples.attention(
                IntStream.range(0, 1024).mapToObj(i -> "t" + i).toList());

        assertThat(Files.size(save(panel, "large.svg"))).isLessThan(1_000_000);
        assertThat(Files.size(save(panel, "large.pdf"))).isLessThan(1_000_000);
        assertThat(Drawn.xml(folder.resolve("large.svg"))
                        .getElementsByTagName("image")
                        .getLength())
                .isEqualTo(1);
        BufferedImage picture = ImageIO.read(save(panel, "large.png").toFile());
        assertThat(picture.getWidth()).isBetween(1920, 4000);
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void everyShapeHasAPicture(PictureFormat format) {
        for (Panel panel : List.of(
                Samples.heads(),
                Samples.headPositions(),
                Samples.attention(Samples.HOSTILE),
                Samples.curve(),
                Samples.table(),
                Samples.graph())) {
            assertThat(save(panel, panel.title().replaceAll("\\W", "") + "." + format.ending()))
                    .isNotEmptyFile();
        }
    }

    @Test
    void unknownEndingIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> save(Samples.heads(), "grid.jpeg"))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(".png, .svg, .pdf")
                .hasMessageContaining("grid.jpeg");
    }
}
