package org.headscope.app.export;

import java.util.List;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.app.picture.Sight;

/**
 * Something to take out of the program.
 *
 * @param sight what is in sight
 * @param origins the runs its numbers come from; empty when they are not complete
 */
public record Exhibit(Sight sight, List<Result> origins) {
    /** Copies the list. */
    public Exhibit {
        origins = List.copyOf(origins);
    }

    public Panel panel() {
        return sight.panel();
    }
}
