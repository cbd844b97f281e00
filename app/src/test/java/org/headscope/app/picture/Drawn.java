package org.headscope.app.picture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads saved pictures back. */
final class Drawn {
    private Drawn() {}

    static Document xml(Path svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(Files.readAllBytes(svg)));
    }

    static List<String> texts(Document svg) {
        return elements(svg, "text").stream().map(Element::getTextContent).toList();
    }

    static Element text(Document svg, String text) {
        return elements(svg, "text").stream()
                .filter(element -> element.getTextContent().equals(text))
                .findFirst()
                .orElseThrow();
    }

    static List<Element> elements(Document svg, String tag) {
        NodeList found = svg.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    /** Corners of a polygon or points of a line. */
    static List<Spot> points(Element shape) {
        return Stream.of(shape.getAttribute("points").split(" "))
                .map(point -> point.split(","))
                .map(point -> new Spot(Double.parseDouble(point[0]), Double.parseDouble(point[1])))
                .toList();
    }

    /** A rectangle, or the frame that a line draws. */
    static Box box(Element shape) {
        if (shape.getTagName().equals("rect")) {
            return new Box(number(shape, "x"), number(shape, "y"), number(shape, "width"), number(shape, "height"));
        }
        List<Spot> corners = points(shape);
        Spot end = corners.get(2);
        return new Box(
                corners.get(0).x(),
                corners.get(0).y(),
                end.x() - corners.get(0).x(),
                end.y() - corners.get(0).y());
    }

    static String text(Path pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf.toFile())) {
            return new PDFTextStripper().getText(document);
        }
    }

    /** What a PDF draws as outlines and notes beside them. */
    static List<String> noted(Path pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf.toFile())) {
            List<String> noted = new ArrayList<>();
            var properties = document.getPage(0).getResources();
            properties
                    .getPropertiesNames()
                    .forEach(name -> noted.add(
                            properties.getProperties(name).getCOSObject().getString("ActualText")));
            return noted;
        }
    }
}
