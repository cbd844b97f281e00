package org.headscope.app.cli;

import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Progress;
import org.headscope.app.job.CancelToken;

/** A bar for those who watch, and a line now and then for a log file. */
final class TrainProgress implements Progress, AutoCloseable {
    private static final int LINE_EVERY = 100;

    private final CliOutput output;
    private final ProgressBar bar;
    private final CancelToken stop;
    private boolean begun;

    TrainProgress(CliOutput output, CancelToken stop) {
        this.output = output;
        this.stop = stop;
        this.bar = output.progress("Training");
    }

    @Override
    public void report(long done, long total, String message) {
        if (!begun) {
            bar.startAt(done - 1);
            begun = true;
        }
        bar.update(done, total, message);
        if (!bar.isWatched() && (done % LINE_EVERY == 0 || done == total)) {
            output.note(bar.line(done, total) + "  " + message);
        }
    }

    @Override
    public boolean isCancelled() {
        return stop.isCancelled();
    }

    @Override
    public void partial(Panel panel) {}

    @Override
    public void close() {
        bar.close();
    }
}
