package org.headscope.app.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.files.Assets;
import org.headscope.app.job.JobRunner;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.testing.AnsweringDialogs;
import org.headscope.hooks.handbuilt.InductionModel;
import org.jspecify.annotations.Nullable;
import org.testfx.util.WaitForAsyncUtils;

/** A workbench with real jobs and real models, and a person who answers dialogs at once. */
public final class TestBench implements AutoCloseable {
    public final AnsweringDialogs dialogs = new AnsweringDialogs();
    public final List<String> failures = new ArrayList<>();
    private final JobRunner jobs;
    public final Workbench bench;

    /** @param notifier where callbacks run */
    public TestBench(Executor notifier) {
        this(notifier, null);
    }

    /**
     * @param notifier where callbacks run
     * @param store keeps results, null to keep none
     */
    public TestBench(Executor notifier, @Nullable WorkspaceStore store) {
        jobs = new JobRunner(2, notifier, failure -> failures.add(failure.title() + ": " + failure.cause()));
        bench = new Workbench(new Services(
                jobs, new ModelCatalog(Assets.locate()), AnalysisRegistry.load(), store, dialogs, new LastReceipt()));
    }

    /** Puts the model with the induction circuit on the table. */
    public void showInductionModel() {
        bench.show(new OpenModel(InductionModel.create()));
    }

    /**
     * Waits for something that the window's thread will bring about.
     *
     * @param condition asked on that thread
     */
    public static void waitFor(Callable<Boolean> condition) {
        try {
            WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, () -> WaitForAsyncUtils.asyncFx(condition)
                    .get());
        } catch (Exception e) {
            throw new AssertionError("it did not happen within 20 s", e);
        }
        WaitForAsyncUtils.waitForFxEvents();
    }

    @Override
    public void close() {
        bench.close();
        jobs.close();
    }
}
