package org.headscope.app.window;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobRunner;

/** Running jobs, memory, and what the last run did. */
public final class StatusViewModel {
    /** Shorter jobs would only flicker. */
    static final Duration WORTH_SHOWING = Duration.ofMillis(400);

    private static final double MEBI = 1 << 20;
    private static final double GIBI_IN_MEBI = 1024;
    private final JobRunner runner;
    private final ObservableList<JobItem> jobs = FXCollections.observableArrayList();
    private final StringProperty memory = new SimpleStringProperty(this, "memory", "");
    private final ObservableValue<String> receipt;

    /**
     * @param runner has the jobs
     * @param receipt what the last intervention did
     */
    public StatusViewModel(JobRunner runner, ObservableValue<String> receipt) {
        this.runner = runner;
        this.receipt = receipt;
        runner.whenActiveChanged(active -> dropEnded());
    }

    /** Jobs that have been running long enough to be worth showing, oldest first. */
    public ObservableList<JobItem> jobs() {
        return jobs;
    }

    /** Memory in use. */
    public StringProperty memoryProperty() {
        return memory;
    }

    /** What the last run did, such as "8.6 off · fired 1×". */
    public ObservableValue<String> receiptProperty() {
        return receipt;
    }

    public void stopAll() {
        runner.cancelAll();
    }

    /** Looks at the jobs again; called a few times a second while the window is open. */
    public void refreshJobs() {
        dropEnded();
        for (Job<?> job : runner.active()) {
            if (job.elapsed().compareTo(WORTH_SHOWING) >= 0 && jobs.stream().noneMatch(item -> item.job() == job)) {
                jobs.add(new JobItem(job));
            }
        }
        jobs.forEach(JobItem::refresh);
    }

    /** Looks at the memory again. */
    public void refreshMemory() {
        memory.set(megabytes(ProcessMemory.inUse()));
    }

    static String megabytes(long bytes) {
        double mebi = bytes / MEBI;
        return mebi < GIBI_IN_MEBI
                ? String.format(Locale.ROOT, "%.0f MB", mebi)
                : String.format(Locale.ROOT, "%.1f GB", mebi / GIBI_IN_MEBI);
    }

    private void dropEnded() {
        List<Job<?>> active = runner.active();
        jobs.removeIf(item -> !active.contains(item.job()));
    }
}
