package org.headscope.app.attention;

import java.util.List;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.workbench.LiveRun;

/**
 * The attention patterns of all heads of one layer.
 *
 * @param run the prompt they belong to
 * @param layer which layer
 * @param heads one pattern per head, queries by keys
 */
record LayerPatterns(LiveRun run, int layer, List<GridValues> heads) {}
