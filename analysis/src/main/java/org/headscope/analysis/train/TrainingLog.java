package org.headscope.analysis.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.headscope.analysis.result.Curve;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.AtomicFile;

/** The log of a training: a line per step in {@code loss.csv}, a line per exam in {@code accuracy.csv}. */
final class TrainingLog {
    static final String LOSSES = "loss.csv";
    static final String EXAMS = "accuracy.csv";

    private static final String LOSS_HEAD = "step,row_length,loss,gradient_norm,learning_rate,seconds";
    private static final Pattern NUMBERS = Pattern.compile("\\d{1,18}(,-?[0-9.]+)+");

    private final Path losses;
    private final Path exams;
    private final double secondsBefore;
    private final long began = System.nanoTime();

    private TrainingLog(Path folder, double secondsBefore) {
        this.losses = folder.resolve(LOSSES);
        this.exams = folder.resolve(EXAMS);
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

    /** Half a line, as a killed process leaves it, is dropped too. */
    private static List<String> keep(Path file, long steps) throws IOException {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        List<String> lines = Files.readAllLines(file);
        long columns = lines.isEmpty() ? 0 : columns(lines.get(0));
        List<String> kept = lines.stream()
                .filter(line -> columns(line) == columns)
                .filter(line ->
                        line.startsWith("step,") || NUMBERS.matcher(line).matches() && step(line) <= steps)
                .toList();
        AtomicFile.writeText(file, kept.stream().map(line -> line + "\n").collect(Collectors.joining()));
        return kept;
    }

    private static long columns(String line) {
        return line.chars().filter(c -> c == ',').count();
    }

    private static long step(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(',')));
    }

    void step(Step step) {
        double seconds = secondsBefore + (System.nanoTime() - began) / 1e9;
        append(
                losses,
                LOSS_HEAD,
                String.format(
                        Locale.ROOT,
                        "%d,%d,%.5f,%.4f,%.6f,%.1f",
                        step.step,
                        step.rowLength,
                        step.loss,
                        step.norm,
                        step.rate,
                        seconds));
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

    /** Both files as curves. */
    List<Curve> curves() {
        return List.of(TrainingCurves.loss(losses), TrainingCurves.accuracy(exams));
    }

    private static void append(Path file, String head, String line) {
        try {
            boolean begun = Files.exists(file) && Files.size(file) > 0;
            String text = (begun ? "" : head + "\n") + line + "\n";
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
