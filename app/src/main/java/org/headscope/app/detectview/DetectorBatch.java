package org.headscope.app.detectview;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobCancelledException;
import org.headscope.app.job.JobContext;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.BackgroundRun;
import org.headscope.app.workbench.Services;
import org.headscope.hooks.HeadscopeException;

/** Several analyses one after the other, as one piece of work; one that fails does not keep the others from running. */
final class DetectorBatch extends BackgroundRun {
    private final Services services;
    private final BiConsumer<AnalysisCall, Result> found;

    /**
     * @param services what to work with
     * @param found gets every result as it comes
     */
    DetectorBatch(Services services, BiConsumer<AnalysisCall, Result> found) {
        super(services.jobs());
        this.services = services;
        this.found = found;
    }

    /** Starts in place of a run that goes on. */
    void start(List<AnalysisCall> calls) {
        tellCommand(calls.stream().map(AnalysisCall::commandLine).collect(Collectors.joining("\n")));
        tellError("");
        submit(
                Duration.ZERO,
                Job.<Boolean>of(Messages.get("detect.running"), context -> runAll(calls, context)),
                done -> {});
    }

    /** Says what is wrong, below what was wrong already. */
    void refuse(String why) {
        String before = errorProperty().get();
        tellError(before.isEmpty() ? why : before + "\n" + why);
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
