package org.headscope.app.job;

import java.util.concurrent.CountDownLatch;

/**
 * Turns Ctrl-C into a request to stop, and keeps the process alive until the work has ended in its own way. Closing says
 * that it has.
 */
public final class StopSignal implements AutoCloseable {
    private final CancelToken token = new CancelToken();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "headscope-stop");

    private StopSignal() {}

    /** @return a signal that is listened to from now on */
    public static StopSignal listen() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** @return the request */
    public CancelToken token() {
        return token;
    }

    private void stop() {
        token.cancel();
        boolean waiting = true;
        while (waiting) {
            try {
                ended.await();
                waiting = false;
            } catch (InterruptedException e) { // nobody who ends a process wants half a file
                Thread.interrupted();
            }
        }
    }

    @Override
    public void close() {
        ended.countDown();
        if (!token.isCancelled()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
