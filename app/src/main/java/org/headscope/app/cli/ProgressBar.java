package org.headscope.app.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One line on a terminal that is redrawn in place, at most ten times a second, and wiped at the end. */
public final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final String WIPE_LINE = "\r\u001B[K";

    private final PrintWriter terminal;
    private final boolean watched;
    private final String title;
    private final LongSupplier clock;
    private final long start;
    private long drawnAt;
    private boolean drawn;

    ProgressBar(PrintWriter terminal, boolean watched, String title, LongSupplier clock) {
        this.terminal = terminal;
        this.watched = watched;
        this.title = title;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /**
     * Shows how far the work is; may be called from any thread and as often as one likes.
     *
     * @param done steps done so far
     * @param total all steps; 0 or less when unknown
     */
    public synchronized void update(long done, long total) {
        long now = clock.getAsLong();
        boolean due = !drawn || now - drawnAt >= REDRAW_NANOS || done == total;
        if (watched && due) {
            drawn = true;
            drawnAt = now;
            terminal.print(WIPE_LINE + line(done, total, Duration.ofNanos(now - start)));
            terminal.flush();
        }
    }

    /** Wipes the line, so that the result starts in a clean one. */
    @Override
    public synchronized void close() {
        if (drawn) {
            terminal.print(WIPE_LINE);
            terminal.flush();
            drawn = false;
        }
    }

    private String line(long done, long total, Duration elapsed) {
        if (total <= 0) {
            return "%s  %d done  %s".formatted(title, done, clockTime(elapsed));
        }
        double share = Math.min(1, Math.max(0, (double) done / total));
        int full = (int) Math.round(share * WIDTH);
        String bar = "#".repeat(full) + "-".repeat(WIDTH - full);
        return String.format(
                Locale.ROOT, "%s  [%s] %3.0f %%  %d/%d%s", title, bar, share * 100, done, total, left(share, elapsed));
    }

    private static String left(double share, Duration elapsed) {
        if (share <= 0 || share >= 1) {
            return "";
        }
        return "  " + clockTime(Duration.ofMillis(Math.round(elapsed.toMillis() * (1 - share) / share))) + " left";
    }

    private static String clockTime(Duration time) {
        return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
    }
}
