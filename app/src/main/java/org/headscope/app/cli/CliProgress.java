package org.headscope.app.cli;

import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Progress;

/** Shows the progress of an analysis on the terminal; Ctrl-C ends the process, so nothing is ever cancelled here. */
final class CliProgress implements Progress, AutoCloseable {
    private final ProgressBar bar;

    CliProgress(ProgressBar bar) {
        this.bar = bar;
    }

    @Override
    public void report(long done, long total, String message) {
        bar.update(done, total);
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void partial(Panel panel) {}

    @Override
    public void close() {
        bar.close();
    }
}
