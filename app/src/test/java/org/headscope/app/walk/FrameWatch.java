package org.headscope.app.walk;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javafx.application.Platform;

/**
 * Asks the window's thread for a sign of life again and again, and keeps what it was busy with whenever the answer took longer than
 * a person forgives. Time in which that thread merely had no processor is not counted: another program's load freezes no window
 * of ours.
 */
public final class FrameWatch implements AutoCloseable {
    private static final int PAUSE_MS = 10;
    private static final int LOOK_AFTER_MS = 120;
    private static final int DEEPEST = 40;
    private static final double MS = 1e6;
    private static final String PAINTER = "QuantumRenderer-0";
    private static final String PAINTING = "PaintCollector.waitForRenderingToComplete";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final double limitMs;
    private final long window;
    private final long painter;
    private final Thread watcher;
    private final List<Stall> stalls = Collections.synchronizedList(new ArrayList<>());
    private volatile double longest;
    private volatile boolean over;
    private volatile String doing = "";

    /**
     * A time without an answer.
     *
     * @param wallMs how long it was
     * @param ownMs how long of that the window's thread worked or waited for another one
     * @param doing what was done to the window before
     * @param stack what the thread was in while it did not answer
     */
    public record Stall(double wallMs, double ownMs, String doing, String stack) {
        @Override
        public String toString() {
            return String.format("%.0f ms (%.0f own) after %s%n%s", wallMs, ownMs, doing, stack);
        }
    }

    public FrameWatch(double limitMs) throws InterruptedException {
        this.limitMs = limitMs;
        this.window = windowThread();
        this.painter = thread(PAINTER);
        threads.setThreadContentionMonitoringEnabled(true);
        this.watcher = new Thread(this::watch, "frame watch");
        watcher.setDaemon(true);
        watcher.start();
    }

    private static long thread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .mapToLong(Thread::getId)
                .findFirst()
                .orElseThrow();
    }

    private static long windowThread() throws InterruptedException {
        long[] id = new long[1];
        CountDownLatch known = new CountDownLatch(1);
        Platform.runLater(() -> {
            id[0] = Thread.currentThread().getId();
            known.countDown();
        });
        known.await();
        return id[0];
    }

    /** Names what is done next. */
    public void doing(String what) {
        doing = what;
    }

    /** {@return every time without an answer that was longer than the limit} */
    public List<Stall> stalls() {
        return List.copyOf(stalls);
    }

    /** {@return the longest time that the window's thread was busy at a stretch, in ms} */
    public double longest() {
        return longest;
    }

    private void watch() {
        try {
            while (!over) {
                askOnce();
                Thread.sleep(PAUSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) { // the toolkit has ended
            over = true;
        }
    }

    private void askOnce() throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        String what = doing;
        long start = System.nanoTime();
        Spent spent = spent();
        Platform.runLater(answered::countDown);
        String stack = "";
        while (!answered.await(LOOK_AFTER_MS, TimeUnit.MILLISECONDS) && !over) {
            stack = stack();
        }
        double wall = (System.nanoTime() - start) / MS;
        double own = Math.min(wall, own(spent, stack));
        longest = Math.max(longest, own);
        if (own > limitMs) {
            stalls.add(new Stall(wall, own, what, stack));
        }
    }

    /** Milliseconds worked, or waited for somebody who worked. */
    private double own(Spent before, String stack) {
        Spent now = spent();
        double waited = now.waited - before.waited;
        boolean forPainter = stack.contains(PAINTING);
        return now.window - before.window + (forPainter ? Math.min(waited, now.painter - before.painter) : waited);
    }

    private Spent spent() {
        ThreadInfo info = threads.getThreadInfo(window);
        double waited = info == null ? 0 : info.getBlockedTime() + info.getWaitedTime();
        return new Spent(threads.getThreadCpuTime(window) / MS, waited, threads.getThreadCpuTime(painter) / MS);
    }

    /** What threads have done until now, in ms: the window's work, its waiting, and the work of the one that paints. */
    private record Spent(double window, double waited, double painter) {}

    private String stack() {
        ThreadInfo info = threads.getThreadInfo(window, DEEPEST);
        return info == null
                ? ""
                : Arrays.stream(info.getStackTrace())
                        .map(frame -> "    " + frame)
                        .collect(Collectors.joining("\n", "    " + info.getThreadState() + "\n", ""));
    }

    @Override
    public void close() {
        over = true;
    }
}
