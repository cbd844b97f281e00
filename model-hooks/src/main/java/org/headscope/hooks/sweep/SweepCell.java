package org.headscope.hooks.sweep;

import java.util.List;
import org.headscope.hooks.intervene.Intervention;

/**
 * One cell of a sweep: what to do to the base run.
 *
 * @param label how the cell is named in results
 * @param interventions what is done, on top of what already stands in the base run
 */
public record SweepCell(String label, List<Intervention> interventions) {
    /** Copies the list and refuses an empty one: such a cell would measure nothing. */
    public SweepCell {
        interventions = List.copyOf(interventions);
        if (interventions.isEmpty()) {
            throw new IllegalArgumentException("Cell " + label + " does nothing.");
        }
    }

    /**
     * A cell of one intervention, named after it.
     *
     * @param intervention what is done
     * @return the cell
     */
    public static SweepCell of(Intervention intervention) {
        return new SweepCell(intervention.label(), List.of(intervention));
    }
}
