package org.headscope.analysis.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.headscope.hooks.HeadscopeException;

/** Draws the curves of a training: the loss above, the accuracy of every task below. */
final class TrainingPicture {
    private static final int WIDTH = 1400;
    private static final int HEIGHT = 900;
    private static final int LEFT = 90;
    private static final int RIGHT = WIDTH - 230;
    private static final int LOSS_COLUMN = 2;
    private static final double SMOOTHING = 0.98;
    private static final int BLACK = 0;
    private static final int GREY = 0x999999;
    /** Colours that can be told apart, one per task; more tasks begin again. */
    private static final int[] COLORS = {
        0x1F77B4, 0xFF7F0E, 0x2CA02C, 0xD62728, 0x9467BD, 0x8C564B, 0xE377C2,
        0x7F7F7F, 0xBCBD22, 0x17BECF, 0x003F88, 0x8B0000, 0x005F00, 0xC0A000
    };

    private final Canvas canvas = new Canvas(WIDTH, HEIGHT);
    private double lastStep = 1;

    private TrainingPicture() {}

    /** Where a curve goes: the rows of the picture for 1 and for 0. */
    private record Frame(int top, int bottom) {
        private static final Frame LOSS = new Frame(40, 400);
        private static final Frame EXAMS = new Frame(470, 850);
    }

    static void draw(Path losses, Path exams, Path picture) {
        TrainingPicture curves = new TrainingPicture();
        curves.losses(numbers(losses));
        curves.exams(lines(exams).stream().findFirst().orElse(""), numbers(exams));
        PngFile.write(curves.canvas, picture);
    }

    private static List<double[]> numbers(Path csv) {
        return lines(csv).stream()
                .skip(1)
                .map(line -> List.of(line.split(",", -1)).stream()
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
    }

    private static List<String> lines(Path csv) {
        try {
            return Files.exists(csv) ? Files.readAllLines(csv) : List.of();
        } catch (IOException e) {
            throw new HeadscopeException(
                    "The training log " + csv + " cannot be read: " + e.getMessage() + ". Move it away to go on.", e);
        }
    }

    private void losses(List<double[]> rows) {
        lastStep = rows.isEmpty() ? 1 : rows.get(rows.size() - 1)[0];
        double highest =
                rows.stream().mapToDouble(row -> row[LOSS_COLUMN]).max().orElse(1);
        frame("loss (nats, weighted, running mean)", Frame.LOSS, String.format(Locale.ROOT, "%.2f", highest));
        Curve curve = new Curve(Frame.LOSS, BLACK);
        double mean = 0;
        double weight = 0;
        for (double[] row : rows) {
            mean = SMOOTHING * mean + (1 - SMOOTHING) * row[LOSS_COLUMN];
            weight = SMOOTHING * weight + (1 - SMOOTHING);
            curve.to(row[0], mean / weight / highest);
        }
    }

    private void exams(String head, List<double[]> rows) {
        frame("held-out accuracy", Frame.EXAMS, "1");
        String[] names = head.split(",", -1);
        for (int task = 1; task < names.length; task++) {
            int color = COLORS[(task - 1) % COLORS.length];
            Curve curve = new Curve(Frame.EXAMS, color);
            for (double[] row : rows) {
                curve.to(row[0], row[task]);
            }
            canvas.text(names[task], RIGHT + 20, Frame.EXAMS.top + 22 * (task - 1), color);
        }
    }

    private void frame(String title, Frame frame, String highest) {
        canvas.line(LEFT, frame.top, LEFT, frame.bottom, GREY);
        canvas.line(LEFT, frame.bottom, RIGHT, frame.bottom, GREY);
        canvas.text(title, LEFT, frame.top - 24, BLACK);
        canvas.text(highest, LEFT - 14 - 12 * highest.length(), frame.top, GREY);
        canvas.text("0", LEFT - 26, frame.bottom - 12, GREY);
        canvas.text(String.format(Locale.ROOT, "step %.0f", lastStep), RIGHT - 130, frame.bottom + 12, GREY);
    }

    /** A curve that grows point by point; a single point is a dot. */
    private final class Curve {
        private final Frame frame;
        private final int color;
        private double x = Double.NaN;
        private double y = Double.NaN;

        Curve(Frame frame, int color) {
            this.frame = frame;
            this.color = color;
        }

        void to(double step, double height) {
            double nextX = LEFT + step / lastStep * (RIGHT - LEFT);
            double nextY = frame.bottom - height * (frame.bottom - frame.top);
            canvas.line(Double.isNaN(x) ? nextX : x, Double.isNaN(y) ? nextY : y, nextX, nextY, color);
            x = nextX;
            y = nextY;
        }
    }
}
