package org.headscope.app.job;

import java.time.Duration;
import java.util.Optional;

/** Time spent by a job and a guess of the time left. */
final class JobClock {
    private static final double ENOUGH_TO_GUESS = 0.02;
    private volatile long startNanos;
    private volatile long endNanos;
    private volatile boolean started;
    private volatile boolean ended;

    void start() {
        startNanos = System.nanoTime();
        started = true;
    }

    void stop() {
        endNanos = System.nanoTime();
        ended = true;
    }

    Duration elapsed() {
        if (!started) {
            return Duration.ZERO;
        }
        return Duration.ofNanos((ended ? endNanos : System.nanoTime()) - startNanos);
    }

    Optional<Duration> remaining(double progress) {
        if (progress < ENOUGH_TO_GUESS) {
            return Optional.empty();
        }
        double left = elapsed().toNanos() * (1 - progress) / progress;
        return Optional.of(Duration.ofNanos((long) left));
    }
}
