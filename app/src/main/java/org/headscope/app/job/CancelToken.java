package org.headscope.app.job;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A request to stop, set once and read from any thread. Threads are never interrupted: an interrupt would close the file
 * channels that hold memory-mapped weights. Long work asks the token between its steps instead.
 */
public final class CancelToken {
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** @return whether stopping was asked for */
    public boolean isCancelled() {
        return cancelled.get();
    }

    /** Asks to stop; asking twice changes nothing. */
    public void cancel() {
        if (cancelled.compareAndSet(false, true)) {
            listeners.forEach(Runnable::run);
        }
    }

    /**
     * Runs an action on the cancelling thread when stopping is asked for, or at once when it already was.
     *
     * @param action quick and harmless when run twice, which a race with {@link #cancel()} allows
     */
    public void onCancel(Runnable action) {
        listeners.add(action);
        if (isCancelled()) {
            action.run();
        }
    }
}
