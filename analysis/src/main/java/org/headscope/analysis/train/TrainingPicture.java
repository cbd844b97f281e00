package org.headscope.analysis.train;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.headscope.hooks.io.AtomicFile;

/** Draws the curves of a training: the loss above, the accuracy of every task below. */
final class TrainingPicture {
    private static final int WIDTH = 1400;
    private static final int HEIGHT = 900;
    private static final int LEFT = 70;
    private static final int RIGHT = 200;
    private static final int LOSS_BOTTOM = 400;
    private static final int LOSS_COLUMN = 2;
    private static final double SMOOTHING = 0.98;

    private final Graphics2D to;
    private double lastStep = 1;

    private TrainingPicture(Graphics2D to) {
        this.to = to;
    }

    static void draw(Path losses, Path exams, Path picture) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        try {
            TrainingPicture curves = new TrainingPicture(graphics);
            curves.losses(numbers(losses));
            curves.exams(Files.exists(exams) ? Files.readAllLines(exams).get(0) : "", numbers(exams));
            AtomicFile.write(picture, out -> ImageIO.write(image, "png", out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            graphics.dispose();
        }
    }

    private static List<double[]> numbers(Path csv) throws IOException {
        if (!Files.exists(csv)) {
            return List.of();
        }
        return Files.readAllLines(csv).stream()
                .skip(1)
                .map(line -> List.of(line.split(",", -1)).stream()
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
    }

    private void losses(List<double[]> rows) {
        lastStep = rows.isEmpty() ? 1 : rows.get(rows.size() - 1)[0];
        double highest =
                rows.stream().mapToDouble(row -> row[LOSS_COLUMN]).max().orElse(1);
        frame("loss (nats, weighted; running mean)", 30, LOSS_BOTTOM, highest);
        Path2D line = new Path2D.Double();
        double mean = 0;
        double weight = 0;
        for (double[] row : rows) {
            mean = SMOOTHING * mean + (1 - SMOOTHING) * row[LOSS_COLUMN];
            weight = SMOOTHING * weight + (1 - SMOOTHING);
            to(line, row[0], mean / weight / highest, 30, LOSS_BOTTOM);
        }
        stroke(line, Color.BLACK);
    }

    private void exams(String head, List<double[]> rows) {
        frame("held-out accuracy", LOSS_BOTTOM + 60, HEIGHT - 40, 1);
        String[] names = head.split(",", -1);
        for (int task = 1; task < names.length; task++) {
            Path2D line = new Path2D.Double();
            for (double[] row : rows) {
                to(line, row[0], row[task], LOSS_BOTTOM + 60, HEIGHT - 40);
            }
            Color color = Color.getHSBColor((task - 1f) / names.length, 0.9f, task % 2 == 0 ? 0.85f : 0.6f);
            stroke(line, color);
            to.drawString(names[task], WIDTH - RIGHT + 20, LOSS_BOTTOM + 60 + 22 * task);
        }
    }

    private void frame(String title, int top, int bottom, double highest) {
        to.setColor(Color.GRAY);
        to.drawRect(LEFT, top, WIDTH - LEFT - RIGHT, bottom - top);
        to.drawString("%.3g".formatted(highest), 10, top + 10);
        to.drawString("0", 10, bottom);
        to.drawString("step %.0f".formatted(lastStep), WIDTH - RIGHT - 70, bottom + 20);
        to.setColor(Color.BLACK);
        to.drawString(title, LEFT, top - 8);
    }

    private void to(Path2D line, double step, double height, int top, int bottom) {
        double x = LEFT + step / lastStep * (WIDTH - LEFT - RIGHT);
        double y = bottom - height * (bottom - top);
        if (line.getCurrentPoint() == null) {
            line.moveTo(x, y);
        } else {
            line.lineTo(x, y);
        }
    }

    private void stroke(Path2D line, Color color) {
        to.setColor(color);
        to.setStroke(new BasicStroke(2));
        to.draw(line);
    }
}
