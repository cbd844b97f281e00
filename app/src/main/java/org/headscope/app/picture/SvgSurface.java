package org.headscope.app.picture;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.headscope.app.text.Markup;

/** SVG: shapes stay shapes and text stays text. */
final class SvgSurface implements Surface {
    private static final int OPAQUE = 0xff;

    private final StringBuilder svg = new StringBuilder();
    private final boolean onForeignPage;

    private SvgSurface(boolean onForeignPage) {
        this.onForeignPage = onForeignPage;
    }

    /**
     * A file of its own.
     *
     * @param drawing what to draw
     * @param about where it comes from, for machines
     */
    static String document(Drawing drawing, String about) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element(drawing, about, new SvgSurface(false)) + "\n";
    }

    /** A part of an HTML page, in its text colour and on its background. */
    static String inline(Drawing drawing) {
        return element(drawing, "", new SvgSurface(true));
    }

    private static String element(Drawing drawing, String about, SvgSurface surface) {
        drawing.draw(surface);
        String width = number(drawing.width());
        String height = number(drawing.height());
        String metadata = about.isEmpty() ? "" : "<metadata>" + Markup.escape(about) + "</metadata>\n";
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height
                + "\" viewBox=\"0 0 " + width + " " + height + "\" font-family=\"sans-serif\">\n" + metadata
                + surface.svg + "</svg>";
    }

    @Override
    public void fill(Box box, int argb) {
        if (onForeignPage && argb == Drawing.PAGE) {
            return;
        }
        svg.append("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" shape-rendering=\"crispEdges\"%s/>%n"
                .formatted(
                        number(box.x()),
                        number(box.y()),
                        number(box.width()),
                        number(box.height()),
                        paint("fill", argb)));
    }

    @Override
    public void line(List<Spot> points, Pen pen) {
        svg.append("<polyline points=\"%s\" fill=\"none\" stroke-width=\"%s\" stroke-linejoin=\"round\"%s/>%n"
                .formatted(points(points), number(pen.width()), paint("stroke", pen.argb())));
    }

    @Override
    public void area(List<Spot> points, int argb) {
        svg.append("<polygon points=\"%s\"%s/>%n".formatted(points(points), paint("fill", argb)));
    }

    @Override
    public void text(String text, Spot at, TextStyle style) {
        boolean said = onForeignPage && style.equals(TextStyle.TITLE); // the page has a heading of its own
        if (text.isEmpty() || said) {
            return;
        }
        String anchor =
                switch (style.anchor()) {
                    case START -> "";
                    case MIDDLE -> " text-anchor=\"middle\"";
                    case END -> " text-anchor=\"end\"";
                };
        String turn = style.upright() ? " transform=\"rotate(-90 " + number(at.x()) + " " + number(at.y()) + ")\"" : "";
        svg.append("<text x=\"%s\" y=\"%s\" font-size=\"%s\"%s%s%s%s xml:space=\"preserve\">%s</text>%n"
                .formatted(
                        number(at.x()),
                        number(at.y()),
                        number(style.size()),
                        style.bold() ? " font-weight=\"bold\"" : "",
                        anchor,
                        turn,
                        paint("fill", style.argb()),
                        Markup.escape(text)));
    }

    @Override
    public void image(BufferedImage image, Box box) {
        svg.append("<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" preserveAspectRatio=\"none\""
                        .formatted(number(box.x()), number(box.y()), number(box.width()), number(box.height())))
                .append(" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,")
                .append(Base64.getEncoder().encodeToString(PngBytes.of(image, "")))
                .append("\"/>\n");
    }

    private static String points(List<Spot> points) {
        return points.stream()
                .map(point -> number(point.x()) + "," + number(point.y()))
                .collect(Collectors.joining(" "));
    }

    private String paint(String what, int argb) {
        if (onForeignPage && argb == Drawing.INK) {
            return " " + what + "=\"currentColor\"";
        }
        if (onForeignPage && argb == Drawing.FAINT) {
            return " " + what + "=\"currentColor\" " + what + "-opacity=\"0.7\"";
        }
        if (onForeignPage && argb == Drawing.RULE) {
            return " " + what + "=\"currentColor\" " + what + "-opacity=\"0.2\"";
        }
        int alpha = argb >>> 24;
        String color = " " + what + "=\"#%06x\"".formatted(argb & 0xffffff);
        return alpha == OPAQUE ? color : color + " " + what + "-opacity=\"" + number(alpha / (double) OPAQUE) + "\"";
    }

    /** A hundredth of a unit is finer than any eye. */
    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
    }
}
