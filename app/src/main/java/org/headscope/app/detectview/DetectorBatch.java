package org.headscope.app.detectview;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobCancelledException;
import org.headscope.app.job.JobContext;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.BackgroundRun;
import org.headscope.app.workbench.Services;
import org.headscope.hooks.HeadscopeException;

/** Several analyses one after the other, as one piece of work; one that fails does not keep the others from running. */
final class DetectorBatch implements BackgroundRun {
    private static final String RUN = "run";

    private final Services services;
    private final LatestJob latest;
    private final BiConsumer<AnalysisCall, Result> found;
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(this, "running");
    private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper(this, "progress", Job.UNKNOWN);
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper(this, "message", "");
    private final ReadOnlyStringWrapper command = new ReadOnlyStringWrapper(this, "command", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");

    /**
     * @param services what to work with
     * @param found gets every result as it comes
     */
    DetectorBatch(Services services, BiConsumer<AnalysisCall, Result> found) {
        this.services = services;
        this.latest = new LatestJob(services.jobs());
        this.found = found;
    }

    @Override
    public ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    @Override
    public ReadOnlyDoubleProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    @Override
    public ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    @Override
    public ReadOnlyStringProperty commandProperty() {
        return command.getReadOnlyProperty();
    }

    /** What went wrong in the last run, one line for each analysis that failed; empty when nothing did. */
    ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Starts in place of a run that goes on. */
    void start(List<AnalysisCall> calls) {
        command.set(calls.stream().map(AnalysisCall::commandLine).collect(Collectors.joining("\n")));
        error.set("");
        message.set("");
        progress.set(Job.UNKNOWN);
        running.set(true);
        latest.submit(
                RUN,
                Job.<Boolean>of(Messages.get("detect.running"), context -> runAll(calls, context))
                        .whenChanged(job -> {
                            progress.set(job.progress());
                            message.set(job.message());
                        })
                        .whenDone(done -> running.set(false))
                        .whenFailed(failure -> {
                            running.set(false);
                            refuse(FailureText.of(failure).message());
                        }));
    }

    @Override
    public void cancel() {
        latest.cancel(RUN);
        running.set(false);
    }

    /** Says what is wrong, below what was wrong already. */
    void refuse(String why) {
        error.set(error.get().isEmpty() ? why : error.get() + "\n" + why);
    }

    /** Stops and forgets. */
    void clear() {
        cancel();
        error.set("");
        command.set("");
    }

    private boolean runAll(List<AnalysisCall> calls, JobContext context) {
        for (int i = 0; i < calls.size(); i++) {
            AnalysisCall call = calls.get(i);
            String name = call.analysis().info().name();
            context.checkCancelled();
            context.progress(i, calls.size());
            context.message(name);
            try {
                Result result = call.run(services.recorder(), new Share(context, name, i, calls.size()));
                context.deliver(() -> found.accept(call, result));
            } catch (JobCancelledException | CancelledException | CancellationException e) {
                throw e;
            } catch (HeadscopeException e) {
                String why = FailureText.of(e).message();
                context.deliver(() -> refuse(Messages.get("detect.failed", name, why)));
            }
        }
        return true;
    }

    /**
     * The progress of one analysis as a share of the whole.
     *
     * @param context the job
     * @param name what the analysis is called
     * @param before how many came before it
     * @param all how many there are
     */
    private record Share(JobContext context, String name, int before, int all) implements Progress {
        @Override
        public void report(long done, long total, String message) {
            double own = total <= 0 ? 0 : (double) done / total;
            context.progress((before + own) / all);
            context.message(Messages.get("detect.progress", name, message));
        }

        @Override
        public boolean isCancelled() {
            return context.token().isCancelled();
        }

        @Override
        public void partial(Panel panel) {}
    }
}
