package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.headscope.analysis.result.Curve;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLogTest {
    private static final String HEAD = "step,row_length,loss,gradient_norm,learning_rate,seconds";

    @TempDir
    Path folder;

    private Path losses() {
        return folder.resolve("loss.csv");
    }

    private Path accuracy() {
        return folder.resolve("accuracy.csv");
    }

    private static TrainingLog.Step step(long step) {
        return new TrainingLog.Step(step, 64, 6.5 / step, 1.25, 0.001 * step);
    }

    @Test
    void stepsAndExamsAreLinesThatProgramsOfAnyCountryRead() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            TrainingLog log = TrainingLog.open(folder, 0);
            log.step(step(1));
            log.step(step(2));
            Map<String, Double> accuracy = new LinkedHashMap<>();
            accuracy.put("ioi", 0.5);
            accuracy.put("repeat", 1.0);
            log.exam(2, accuracy);
        } finally {
            Locale.setDefault(before);
        }
        List<String> lines = Files.readAllLines(losses());
        assertThat(lines).hasSize(3).startsWith(HEAD);
        assertThat(lines.get(1)).matches("1,64,6\\.50000,1\\.2500,0\\.001000,\\d+\\.\\d");
        assertThat(lines.get(2)).matches("2,64,3\\.25000,1\\.2500,0\\.002000,\\d+\\.\\d");
        assertThat(Files.readAllLines(accuracy())).containsExactly("step,ioi,repeat", "2,0.500,1.000");
    }

    @Test
    void curvesGoThroughEveryExamAndTheRunningMeanOfTheLoss() {
        TrainingLog log = TrainingLog.open(folder, 0);
        log.step(new TrainingLog.Step(1, 64, 4, 1, 0.1));
        log.step(new TrainingLog.Step(2, 64, 2, 1, 0.1));
        Map<String, Double> accuracy = new LinkedHashMap<>();
        accuracy.put("ioi", 0.5);
        accuracy.put("repeat", 1.0);
        log.exam(2, accuracy);

        Curve loss = log.curves().get(0);
        Curve exams = log.curves().get(1);

        assertThat(loss.lines().get(0).x()).containsExactly(1.0, 2.0);
        // Both steps weigh almost the same: (0.98 * 4 + 2) / 1.98.
        assertThat(loss.lines().get(0).y().get(0)).isCloseTo(4, within(1e-9));
        assertThat(loss.lines().get(0).y().get(1)).isCloseTo(5.92 / 1.98, within(1e-9));
        assertThat(exams.lines()).extracting(Curve.Line::name).containsExactly("ioi", "repeat");
        assertThat(exams.lines().get(1).y()).containsExactly(1.0);
        assertThat(exams.lines().get(1).x()).containsExactly(2.0);
    }

    @Test
    void linesOfStepsThatWillBeMadeAgainAreDropped() throws IOException {
        TrainingLog log = TrainingLog.open(folder, 0);
        for (int i = 1; i <= 12; i++) {
            log.step(step(i));
        }
        log.exam(5, Map.of("ioi", 0.1));
        log.exam(10, Map.of("ioi", 0.2));
        TrainingLog again = TrainingLog.open(folder, 9);
        again.step(step(10));
        assertThat(Files.readAllLines(losses()))
                .extracting(line -> line.substring(0, line.indexOf(',')))
                .containsExactly("step", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        assertThat(Files.readAllLines(accuracy())).containsExactly("step,ioi", "5,0.100");
    }

    @Test
    void secondsGoOnFromWhereTheyWere() throws IOException {
        Files.writeString(
                losses(), HEAD + "\n1,64,5.0,1.0,0.001,100.0\n2,64,5.0,1.0,0.001,200.5\n3,64,5.0,1.0,0.001,300.0\n");
        TrainingLog.open(folder, 2).step(step(3));
        List<String> lines = Files.readAllLines(losses());
        assertThat(Double.parseDouble(lines.get(3).substring(lines.get(3).lastIndexOf(',') + 1)))
                .isBetween(200.5, 220.0);
    }

    @Test
    void halfALineIsDropped() throws IOException {
        for (String half :
                List.of("3", "3,", "3,64", "3,64,5.0,1.0", "3,64,5.0,1.0,0.001,", "\u0000\u0000,1,1,1,1,1")) {
            Files.writeString(losses(), HEAD + "\n1,64,5.0,1.0,0.001,0.1\n2,64,5.0,1.0,0.001,0.2\n" + half);
            TrainingLog log = TrainingLog.open(folder, 5);
            log.step(step(3));
            assertThat(Files.readAllLines(losses()))
                    .as(half)
                    .hasSize(4)
                    .extracting(line -> line.substring(0, line.indexOf(',')))
                    .containsExactly("step", "1", "2", "3");
        }
    }

    @Test
    void anEmptyFileGetsItsHead() throws IOException {
        Files.createFile(losses());
        Files.createFile(accuracy());
        TrainingLog log = TrainingLog.open(folder, 0);
        assertThat(log.curves().get(1).lines()).isEmpty();
        log.step(step(1));
        assertThat(Files.readAllLines(losses())).hasSize(2).startsWith(HEAD);
    }

    @Test
    void aLogThatCannotBeWrittenIsNamed() throws IOException {
        Files.createDirectory(losses());
        TrainingLog log = TrainingLog.open(folder, 0);
        assertThatThrownBy(() -> log.step(step(1)))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("loss.csv")
                .hasMessageContaining("another folder");
    }
}
