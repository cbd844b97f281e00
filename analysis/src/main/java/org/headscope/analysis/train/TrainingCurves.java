package org.headscope.analysis.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Quantity;
import org.headscope.hooks.HeadscopeException;

/** The log of a training as curves. */
public final class TrainingCurves {
    /** Title of the curve of the loss. */
    public static final String LOSS = "Loss";
    /** Title of the curves of the tasks. */
    public static final String ACCURACY = "Accuracy";

    private static final Quantity STEP = Quantity.unsigned("step", "");
    private static final int LOSS_COLUMN = 2;
    private static final double SMOOTHING = 0.98;
    /** More points than a picture has columns would only make files large. */
    private static final int POINTS = 1000;

    private TrainingCurves() {}

    /**
     * Reads the loss.
     *
     * @param csv a line per step
     * @return its running mean, over about fifty steps, at most a thousand points
     * @throws HeadscopeException when the file cannot be read
     */
    public static Curve loss(Path csv) {
        List<double[]> rows = numbers(csv);
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        double mean = 0;
        double weight = 0;
        int every = Math.max(1, (rows.size() + POINTS - 1) / POINTS);
        for (int i = 0; i < rows.size(); i++) {
            mean = SMOOTHING * mean + (1 - SMOOTHING) * rows.get(i)[LOSS_COLUMN];
            weight = SMOOTHING * weight + (1 - SMOOTHING);
            if (i % every == 0 || i == rows.size() - 1) {
                x.add(rows.get(i)[0]);
                y.add(mean / weight);
            }
        }
        Quantity nats = Quantity.unsigned("weighted loss, running mean", "nats");
        return new Curve(LOSS, STEP, nats, List.of(new Curve.Line("training text", x, y)));
    }

    /**
     * Reads the accuracies.
     *
     * @param csv a line per exam, a column per task
     * @return a line per task
     * @throws HeadscopeException when the file cannot be read
     */
    public static Curve accuracy(Path csv) {
        List<String> lines = lines(csv);
        String[] names = lines.isEmpty() ? new String[0] : lines.get(0).split(",", -1);
        List<double[]> rows = numbers(csv);
        List<Double> x = rows.stream().map(row -> row[0]).toList();
        List<Curve.Line> tasks = new ArrayList<>();
        for (int i = 1; i < names.length; i++) {
            int task = i;
            tasks.add(new Curve.Line(
                    names[i], x, rows.stream().map(row -> row[task]).toList()));
        }
        return new Curve(ACCURACY, STEP, Quantity.unsigned("held-out accuracy", ""), tasks);
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
}
