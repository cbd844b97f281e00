package org.headscope.app.job;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who wants to hear how a job ended. */
final class JobCallbacks<T> {
    final List<Consumer<? super T>> done = new CopyOnWriteArrayList<>();
    final List<Consumer<? super Throwable>> failed = new CopyOnWriteArrayList<>();
    final List<Runnable> cancelled = new CopyOnWriteArrayList<>();

    void fireCancelled() {
        cancelled.forEach(Runnable::run);
    }
}
