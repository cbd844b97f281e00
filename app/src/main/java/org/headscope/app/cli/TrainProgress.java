package org.headscope.app.cli;

import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.train.TrainingFolder;
import org.headscope.app.job.CancelToken;
import org.headscope.app.picture.Pictures;
import org.headscope.app.picture.Sight;

/** A bar for those who watch, a line now and then for a log file, and the curves as pictures. */
final class TrainProgress implements Progress, AutoCloseable {
    private static final int LINE_EVERY = 100;

    private final CliOutput output;
    private final ProgressBar bar;
    private final CancelToken stop;
    private final TrainingFolder folder;
    private boolean begun;

    TrainProgress(CliOutput output, CancelToken stop, TrainingFolder folder) {
        this.output = output;
        this.folder = folder;
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
    public void partial(Panel panel) {
        Pictures.write(Sight.whole(panel), "", folder.picture(panel.title()));
    }

    @Override
    public void close() {
        bar.close();
    }
}
