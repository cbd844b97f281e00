package org.headscope.analysis.patching;

import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Progress;

/**
 * The progress of one of many equal parts of a run.
 *
 * @param whole who is told
 * @param index which part, from 0
 * @param of how many parts there are
 * @param name what the parts are, such as {@code patching, example}
 */
public record ExampleProgress(Progress whole, int index, int of, String name) implements Progress {
    /** {@return the name of this part, such as {@code patching, example 3 of 30}; also the name of its sweep in a journal} */
    public String title() {
        return name + " " + (index + 1) + " of " + of;
    }

    /**
     * Says that the part is done, also when nothing had to be computed.
     *
     * @param cells how many units it has
     */
    public void finished(long cells) {
        report(cells, cells, title());
    }

    @Override
    public void report(long done, long total, String message) {
        whole.report(index * total + done, of * total, message);
    }

    @Override
    public boolean isCancelled() {
        return whole.isCancelled();
    }

    @Override
    public void partial(Panel panel) {
        whole.partial(panel);
    }
}
