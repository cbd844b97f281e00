package org.headscope.analysis.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.headscope.hooks.HeadscopeException;

/** The log of a training: a line per step in {@code loss.csv}, a line per exam in {@code accuracy.csv}, and a picture of both. */
final class TrainingLog {
    static final String LOSSES = "loss.csv";
    static final String EXAMS = "accuracy.csv";
    static final String PICTURE = "training.png";

    private static final String LOSS_HEAD = "step,row_length,loss,gradient_norm,learning_rate,seconds";

    private final Path losses;
    private final Path exams;
    private final Path picture;
    private final double secondsBefore;
    private final long began = System.nanoTime();

    private TrainingLog(Path folder, double secondsBefore) {
        this.losses = folder.resolve(LOSSES);
        this.exams = folder.resolve(EXAMS);
        this.picture = folder.resolve(PICTURE);
        this.secondsBefore = secondsBefore;
    }

    /** One step. */
    record Step(long step, int rowLength, double loss, double norm, double rate) {}

    /** Opens the log of a folder; lines of steps that will be made again are dropped. */
    static TrainingLog open(Path folder, long steps) {
        try {
            List<String> kept = keep(folder.resolve(LOSSES), steps);
            keep(folder.resolve(EXAMS), steps);
            String last = kept.isEmpty() ? "" : kept.get(kept.size() - 1);
            boolean any = kept.size() > 1;
            return new TrainingLog(folder, any ? Double.parseDouble(last.substring(last.lastIndexOf(',') + 1)) : 0);
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    private static List<String> keep(Path file, long steps) throws IOException {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String first = line.substring(0, Math.max(0, line.indexOf(',')));
            if (first.equals("step") || !first.isEmpty() && Long.parseLong(first) <= steps) {
                lines.add(line);
            }
        }
        Files.write(file, lines);
        return lines;
    }

    void step(Step step) {
        double seconds = secondsBefore + (System.nanoTime() - began) / 1e9;
        append(
                losses,
                LOSS_HEAD,
                "%d,%d,%.5f,%.4f,%.6f,%.1f"
                        .formatted(step.step, step.rowLength, step.loss, step.norm, step.rate, seconds));
    }

    void exam(long step, Map<String, Double> accuracy) {
        append(
                exams,
                "step," + String.join(",", accuracy.keySet()),
                step
                        + accuracy.values().stream()
                                .map(value -> String.format(Locale.ROOT, ",%.3f", value))
                                .collect(Collectors.joining()));
    }

    /** Draws both files. */
    void draw() {
        TrainingPicture.draw(losses, exams, picture);
    }

    private static void append(Path file, String head, String line) {
        try {
            String text = (Files.exists(file) ? "" : head + "\n") + line + "\n";
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static HeadscopeException unwritable(Path path, IOException e) {
        return new HeadscopeException(
                "The training log at " + path + " cannot be written: " + e.getMessage()
                        + ". Make room there, or choose another folder.",
                new UncheckedIOException(e));
    }
}
