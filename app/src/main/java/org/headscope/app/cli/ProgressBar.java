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
    private long doneBefore;
    private long drawnAt;
    private boolean drawn;

    ProgressBar(PrintWriter terminal, boolean watched, String title, LongSupplier clock) {
        this.terminal = terminal;
        this.watched = watched;
        this.title = title;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /** Whether anyone sees what is drawn. */
    boolean isWatched() {
        return watched;
    }

    /**
     * Tells that some steps were done in an earlier run, so that they do not count for the time that is left.
     *
     * @param done how many
     */
    synchronized void startAt(long done) {
        doneBefore = done;
    }

    /**
     * Shows how far the work is; may be called from any thread and as often as one likes.
     *
     * @param done steps done so far
     * @param total all steps; 0 or less when unknown
     */
    public void update(long done, long total) {
        update(done, total, "");
    }

    /**
     * Shows how far the work is and what else there is to say.
     *
     * @param done steps done so far
     * @param total all steps; 0 or less when unknown
     * @param message a few words behind the bar
     */
    synchronized void update(long done, long total, String message) {
        long now = clock.getAsLong();
        boolean due = !drawn || now - drawnAt >= REDRAW_NANOS || done == total;
        if (watched && due) {
            drawn = true;
            drawnAt = now;
            terminal.print(WIPE_LINE + line(done, total) + (message.isEmpty() ? "" : "  " + message));
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

    /** The line without what else there is to say. */
    String line(long done, long total) {
        Duration elapsed = Duration.ofNanos(clock.getAsLong() - start);
        if (total <= 0) {
            return "%s  %d done  %s".formatted(title, done, clockTime(elapsed));
        }
        double share = Math.min(1, Math.max(0, (double) done / total));
        int full = (int) Math.round(share * WIDTH);
        String bar = "#".repeat(full) + "-".repeat(WIDTH - full);
        return String.format(
                Locale.ROOT,
                "%s  [%s] %3.0f %%  %d/%d%s",
                title,
                bar,
                share * 100,
                done,
                total,
                left(done - doneBefore, total - done, elapsed));
    }

    private static String left(long done, long toDo, Duration elapsed) {
        if (done <= 0 || toDo <= 0) {
            return "";
        }
        return "  " + clockTime(Duration.ofMillis(Math.round((double) elapsed.toMillis() * toDo / done))) + " left";
    }

    private static String clockTime(Duration time) {
        return time.toHours() == 0
                ? "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart())
                : "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }
}
