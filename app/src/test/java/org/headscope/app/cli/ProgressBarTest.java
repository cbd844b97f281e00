package org.headscope.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static final String WIPE = "\r\u001B[K";

    private final StringWriter terminal = new StringWriter();
    private long nanos;

    @Test
    void aThirdOfTheWorkFillsAThirdOfTheBarAndTellsTheTimeLeft() {
        ProgressBar bar = bar(true);
        nanos = TimeUnit.SECONDS.toNanos(35);
        bar.update(48, 144);
        assertThat(terminal)
                .hasToString(WIPE + "Sweep  [" + "#".repeat(10) + "-".repeat(20) + "]  33 %  48/144  1:10 left");
    }

    @Test
    void anUnknownTotalShowsACountAndTheTimeSpent() {
        ProgressBar bar = bar(true);
        nanos = TimeUnit.SECONDS.toNanos(61);
        bar.update(7, 0);
        assertThat(terminal).hasToString(WIPE + "Sweep  7 done  1:01");
    }

    @Test
    void stepsOfAnEarlierRunDoNotShortenTheTimeLeft() {
        ProgressBar bar = bar(true);
        bar.startAt(100);
        nanos = TimeUnit.HOURS.toNanos(1);
        bar.update(200, 400, "loss 1.5");
        assertThat(terminal.toString()).endsWith(" 50 %  200/400  2:00:00 left  loss 1.5");
    }

    @Test
    void frequentUpdatesAreDrawnTenTimesASecondAtMost() {
        ProgressBar bar = bar(true);
        for (int i = 0; i < 1000; i++) {
            nanos += TimeUnit.MILLISECONDS.toNanos(1);
            bar.update(i, 2000);
        }
        assertThat(terminal.toString().split("Sweep", -1)).hasSize(1 + 10);
    }

    @Test
    void theLastStepIsDrawnAtOnce() {
        ProgressBar bar = bar(true);
        bar.update(1, 2);
        bar.update(2, 2);
        assertThat(terminal.toString()).contains("100 %  2/2");
    }

    @Test
    void closingWipesTheLine() {
        try (ProgressBar bar = bar(true)) {
            bar.update(1, 2);
        }
        assertThat(terminal.toString()).endsWith(WIPE);
    }

    @Test
    void nothingIsWrittenWhenNobodyWatches() {
        try (ProgressBar bar = bar(false)) {
            bar.update(1, 2);
        }
        assertThat(terminal.toString()).isEmpty();
    }

    private ProgressBar bar(boolean watched) {
        return new ProgressBar(new PrintWriter(terminal), watched, "Sweep", () -> nanos);
    }
}
