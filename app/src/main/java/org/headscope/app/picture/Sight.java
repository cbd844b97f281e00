package org.headscope.app.picture;

import java.util.Optional;
import org.headscope.analysis.result.Panel;

/**
 * A panel as it is looked at.
 *
 * @param panel what is looked at
 * @param slice which cut of a grid is in sight; empty for all of it, and for panels that are no grids
 */
public record Sight(Panel panel, Optional<GridSlice> slice) {

    /** All of a panel. */
    public static Sight whole(Panel panel) {
        return new Sight(panel, Optional.empty());
    }
}
