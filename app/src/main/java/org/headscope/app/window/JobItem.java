package org.headscope.app.window;

import java.time.Duration;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import org.headscope.app.job.Job;
import org.headscope.app.text.Messages;

/** A running job as the status bar shows it. */
public final class JobItem {
    private static final int SECONDS_PER_MINUTE = 60;
    private final Job<?> job;
    private final DoubleProperty progress = new SimpleDoubleProperty(this, "progress", Job.UNKNOWN);
    private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper(this, "text", "");

    JobItem(Job<?> job) {
        this.job = job;
        refresh();
    }

    Job<?> job() {
        return job;
    }

    public String title() {
        return job.title();
    }

    /** Share done, negative when unknown. */
    public ReadOnlyDoubleProperty progressProperty() {
        return progress;
    }

    /** What it is doing and how long it will take. */
    public ReadOnlyStringProperty textProperty() {
        return text.getReadOnlyProperty();
    }

    public void cancel() {
        job.cancel();
        refresh();
    }

    void refresh() {
        progress.set(job.progress());
        if (job.token().isCancelled()) {
            text.set(Messages.get("job.stopping"));
            return;
        }
        String left = job.remaining().map(JobItem::left).orElse("");
        String message = job.message();
        text.set(message.isEmpty() || left.isEmpty() ? message + left : message + " · " + left);
    }

    /** Says a guess as roughly as it is. */
    static String left(Duration time) {
        long seconds = Math.max(1, Math.round(time.toMillis() / 1000.0));
        return seconds < 2 * SECONDS_PER_MINUTE
                ? Messages.get("job.secondsLeft", Long.toString(seconds))
                : Messages.get("job.minutesLeft", Long.toString(Math.round(seconds / (double) SECONDS_PER_MINUTE)));
    }
}
