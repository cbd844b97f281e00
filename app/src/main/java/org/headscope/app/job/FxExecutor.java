package org.headscope.app.job;

import java.util.concurrent.Executor;
import javafx.application.Platform;

/**
 * The one door to the window's thread. It always queues, also when called on that thread, so that a job's events keep
 * their order.
 */
public enum FxExecutor implements Executor {
    INSTANCE;

    @Override
    public void execute(Runnable task) {
        Platform.runLater(task);
    }
}
