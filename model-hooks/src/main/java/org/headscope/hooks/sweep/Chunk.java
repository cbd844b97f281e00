package org.headscope.hooks.sweep;

import java.util.List;

/**
 * Cells that are computed together.
 *
 * @param cells which
 * @param first first position that is computed for all of them
 */
record Chunk(List<CellPlan> cells, int first) {
    /** Copies the list. */
    Chunk {
        cells = List.copyOf(cells);
    }

    /** {@return whether the heads of all its cells are held} */
    boolean held() {
        return cells.get(0).held();
    }
}
