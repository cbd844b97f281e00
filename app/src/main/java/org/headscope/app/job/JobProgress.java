package org.headscope.app.job;

import java.util.function.Consumer;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Progress;

/**
 * Lets an analysis report to the job it runs in.
 *
 * @param context the running job
 * @param onPartial what to do with what is known so far; runs where callbacks run
 */
public record JobProgress(JobContext context, Consumer<Panel> onPartial) implements Progress {

    @Override
    public void report(long done, long total, String message) {
        context.progress(done, total);
        context.message(message);
    }

    @Override
    public boolean isCancelled() {
        return context.token().isCancelled();
    }

    @Override
    public void partial(Panel panel) {
        context.deliver(() -> onPartial.accept(panel));
    }
}
