package org.headscope.app.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Pixels. */
final class GraphicsSurface implements Surface {
    private final Graphics2D to;

    private GraphicsSurface(Graphics2D to) {
        this.to = to;
    }

    /** Draws into an image of some pixels per unit. */
    static BufferedImage image(Drawing drawing, int scale) {
        BufferedImage image = new BufferedImage(
                (int) Math.ceil(drawing.width() * scale),
                (int) Math.ceil(drawing.height() * scale),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D to = image.createGraphics();
        to.setColor(new Color(Drawing.PAGE, true));
        to.fillRect(0, 0, image.getWidth(), image.getHeight()); // also where the drawing ends within a pixel
        to.scale(scale, scale);
        to.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        to.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        to.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        to.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        drawing.draw(new GraphicsSurface(to));
        to.dispose();
        return image;
    }

    @Override
    public void fill(Box box, int argb) {
        to.setColor(new Color(argb, true));
        to.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF); // no seams
        to.fill(new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height()));
        to.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    }

    @Override
    public void line(List<Spot> points, Pen pen) {
        to.setColor(new Color(pen.argb(), true));
        to.setStroke(new BasicStroke((float) pen.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
        to.draw(path(points));
    }

    @Override
    public void area(List<Spot> points, int argb) {
        to.setColor(new Color(argb, true));
        to.fill(path(points));
    }

    @Override
    public void text(String text, Spot at, TextStyle style) {
        AffineTransform before = to.getTransform();
        to.setColor(new Color(style.argb(), true));
        to.setFont(style.font());
        to.translate(at.x(), at.y());
        if (style.upright()) {
            to.rotate(-Math.PI / 2);
        }
        to.drawString(text, (float) -style.anchor().before(style.width(text)), 0);
        to.setTransform(before);
    }

    @Override
    public void image(BufferedImage image, Box box) {
        AffineTransform fit = AffineTransform.getTranslateInstance(box.x(), box.y());
        fit.scale(box.width() / image.getWidth(), box.height() / image.getHeight());
        to.drawImage(image, fit, null);
    }

    private static Path2D path(List<Spot> points) {
        Path2D path = new Path2D.Double();
        points.forEach(point -> {
            if (path.getCurrentPoint() == null) {
                path.moveTo(point.x(), point.y());
            } else {
                path.lineTo(point.x(), point.y());
            }
        });
        return path;
    }
}
