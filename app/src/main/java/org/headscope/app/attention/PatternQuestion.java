package org.headscope.app.attention;

import org.headscope.analysis.mask.HeadMask;
import org.headscope.app.workbench.LiveRun;

/**
 * Which pattern is wanted.
 *
 * @param run on which prompt
 * @param mask under which mask, which may be empty
 * @param layer of which layer
 * @param head of which of its heads, or {@link #MEAN}
 */
record PatternQuestion(LiveRun run, HeadMask mask, int layer, int head) {
    /** All heads of the layer, averaged. */
    static final int MEAN = -1;
}
