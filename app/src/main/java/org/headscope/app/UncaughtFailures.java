package org.headscope.app;

import java.util.Objects;
import org.headscope.app.dialog.Dialogs;
import org.headscope.app.text.Messages;

/** Tells of failures that nothing else caught, on any thread, instead of letting them vanish into a console. */
record UncaughtFailures(Dialogs dialogs) implements Thread.UncaughtExceptionHandler {

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        dialogs.failure(Messages.get("failure.somewhere"), Objects.requireNonNull(failure));
    }
}
