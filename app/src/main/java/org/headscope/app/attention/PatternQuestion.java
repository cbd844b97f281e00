package org.headscope.app.attention;

import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.RunSettings;

/**
 * Which pattern is wanted.
 *
 * @param run on which prompt
 * @param held under which mask, which may be empty
 * @param layer of which layer
 * @param head of which of its heads, or {@link #MEAN}
 */
record PatternQuestion(LiveRun run, RunSettings held, int layer, int head) {
    /** All heads of the layer, averaged. */
    static final int MEAN = -1;
}
