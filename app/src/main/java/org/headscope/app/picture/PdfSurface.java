package org.headscope.app.picture;

import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.documentinterchange.markedcontent.PDPropertyList;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.state.PDExtendedGraphicsState;
import org.apache.pdfbox.util.Matrix;
import org.headscope.app.files.UserHome;

/**
 * A page of PDF, one point per drawing unit. Text is set in Helvetica, which every reader has; text with other characters is
 * drawn as outlines of the fonts of this machine, with the characters noted beside them so that it can be searched and copied.
 */
final class PdfSurface implements Surface {
    private static final String FONT_LIST = "pdfbox.fontcache";
    private static final double OPAQUE = 255;
    private static final FontRenderContext EXACT = new FontRenderContext(null, true, true);

    private final PDDocument document;
    private final PDPageContentStream page;
    private final double height;
    private final PDFont plain = new PDType1Font(FontName.HELVETICA);
    private final PDFont bold = new PDType1Font(FontName.HELVETICA_BOLD);

    private PdfSurface(PDDocument document, PDPageContentStream page, double height) {
        this.document = document;
        this.page = page;
        this.height = height;
    }

    /**
     * Writes a document of one page.
     *
     * @param drawing what to draw
     * @param about where it comes from, for machines
     * @param out where to
     */
    static void write(Drawing drawing, String about, OutputStream out) throws IOException {
        keepFontListAtHome();
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle((float) drawing.width(), (float) drawing.height()));
            document.addPage(page);
            document.getDocumentInformation().setProducer("Headscope");
            document.getDocumentInformation().setCustomMetadataValue(PictureFormat.PROVENANCE, about);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                drawing.draw(new PdfSurface(document, content, drawing.height()));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            document.save(out);
        }
    }

    /** The library lists the fonts of the machine in a file, which would lie about in the folder of the person. */
    private static void keepFontListAtHome() {
        if (System.getProperty(FONT_LIST) == null) {
            System.setProperty(FONT_LIST, UserHome.locate().root().toString());
        }
    }

    /** Drawings know nothing of files; what fails here leaves through {@link #write}. */
    private interface Step {
        void run() throws IOException;
    }

    private void draw(Step step) {
        try {
            page.saveGraphicsState();
            step.run();
            page.restoreGraphicsState();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void fill(Box box, int argb) {
        draw(() -> {
            color(argb);
            page.addRect((float) box.x(), y(box.bottom()), (float) box.width(), (float) box.height());
            page.fill();
        });
    }

    @Override
    public void line(List<Spot> points, Pen pen) {
        draw(() -> {
            color(pen.argb());
            page.setLineWidth((float) pen.width());
            page.setLineJoinStyle(1);
            path(points);
            page.stroke();
        });
    }

    @Override
    public void area(List<Spot> points, int argb) {
        draw(() -> {
            color(argb);
            path(points);
            page.fill();
        });
    }

    @Override
    public void text(String text, Spot at, TextStyle style) {
        if (text.isEmpty()) {
            return;
        }
        PDFont font = style.bold() ? bold : plain;
        String asWritten = text.replace('−', '-'); // Helvetica has no minus sign of its own
        draw(() -> {
            color(style.argb());
            page.transform(Matrix.getTranslateInstance((float) at.x(), y(at.y())));
            if (style.upright()) {
                page.transform(Matrix.getRotateInstance(Math.PI / 2, 0, 0));
            }
            if (has(font, asWritten)) {
                write(asWritten, font, style);
            } else {
                outline(text, style);
            }
        });
    }

    private static boolean has(PDFont font, String text) {
        try {
            font.encode(text);
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private void write(String text, PDFont font, TextStyle style) throws IOException {
        double width = font.getStringWidth(text) / 1000 * style.size();
        page.beginText();
        page.setFont(font, (float) style.size());
        page.newLineAtOffset((float) -style.anchor().before(width), 0);
        page.showText(text);
        page.endText();
    }

    private void outline(String text, TextStyle style) throws IOException {
        COSDictionary properties = new COSDictionary();
        properties.setString(COSName.ACTUAL_TEXT, text);
        page.beginMarkedContent(COSName.getPDFName("Span"), PDPropertyList.create(properties));
        TextLayout layout = new TextLayout(text, style.font(), EXACT);
        AffineTransform place = AffineTransform.getScaleInstance(1, -1);
        place.translate(-style.anchor().before(layout.getAdvance()), 0);
        path(layout.getOutline(place));
        page.fill();
        page.endMarkedContent();
    }

    private void path(Shape outline) throws IOException {
        float[] to = new float[6];
        float x = 0;
        float y = 0;
        for (PathIterator steps = outline.getPathIterator(null); !steps.isDone(); steps.next()) {
            switch (steps.currentSegment(to)) {
                case PathIterator.SEG_MOVETO -> page.moveTo(to[0], to[1]);
                case PathIterator.SEG_LINETO -> page.lineTo(to[0], to[1]);
                case PathIterator.SEG_QUADTO -> // PDF has cubic curves only
                    page.curveTo(
                            x + (to[0] - x) * 2 / 3,
                            y + (to[1] - y) * 2 / 3,
                            to[2] + (to[0] - to[2]) * 2 / 3,
                            to[3] + (to[1] - to[3]) * 2 / 3,
                            to[2],
                            to[3]);
                case PathIterator.SEG_CUBICTO -> page.curveTo(to[0], to[1], to[2], to[3], to[4], to[5]);
                default -> page.closePath();
            }
            int last = lastPoint(steps.currentSegment(to));
            x = last < 0 ? x : to[last];
            y = last < 0 ? y : to[last + 1];
        }
    }

    private static int lastPoint(int segment) {
        return switch (segment) {
            case PathIterator.SEG_MOVETO, PathIterator.SEG_LINETO -> 0;
            case PathIterator.SEG_QUADTO -> 2;
            case PathIterator.SEG_CUBICTO -> 4;
            default -> -1;
        };
    }

    @Override
    public void image(BufferedImage image, Box box) {
        draw(() -> page.drawImage(
                LosslessFactory.createFromImage(document, image),
                (float) box.x(),
                y(box.bottom()),
                (float) box.width(),
                (float) box.height()));
    }

    private void path(List<Spot> points) throws IOException {
        boolean begun = false;
        for (Spot point : points) {
            if (begun) {
                page.lineTo((float) point.x(), y(point.y()));
            } else {
                page.moveTo((float) point.x(), y(point.y()));
                begun = true;
            }
        }
    }

    private void color(int argb) throws IOException {
        float red = (argb >> 16 & 0xff) / 255f;
        float green = (argb >> 8 & 0xff) / 255f;
        float blue = (argb & 0xff) / 255f;
        page.setNonStrokingColor(red, green, blue);
        page.setStrokingColor(red, green, blue);
        int alpha = argb >>> 24;
        if (alpha != OPAQUE) {
            PDExtendedGraphicsState state = new PDExtendedGraphicsState();
            state.setNonStrokingAlphaConstant((float) (alpha / OPAQUE));
            state.setStrokingAlphaConstant((float) (alpha / OPAQUE));
            page.setGraphicsStateParameters(state);
        }
    }

    private float y(double down) {
        return (float) (height - down);
    }
}
