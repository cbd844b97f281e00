package org.headscope.app.dialog;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.headscope.app.text.Messages;
import org.headscope.hooks.HeadscopeException;

/**
 * A failure in words.
 *
 * @param message what happened and what to do, for anybody
 * @param details the stack trace, for those who ask
 */
public record FailureText(String message, String details) {

    /** Finds the words: our own failures bring them, others get an apology and a pointer to the log. */
    public static FailureText of(Throwable failure) {
        Throwable cause = unwrapped(failure);
        return new FailureText(message(cause), trace(failure));
    }

    private static String message(Throwable cause) {
        if (cause instanceof HeadscopeException && cause.getMessage() != null) {
            return cause.getMessage();
        }
        if (cause instanceof OutOfMemoryError) {
            return Messages.get("failure.memory");
        }
        return Messages.get("failure.unexpected", cause.getClass().getSimpleName());
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
