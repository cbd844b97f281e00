package org.headscope.hooks.sweep;

import java.util.List;
import org.headscope.hooks.intervene.Intervention;

/**
 * One cell of a sweep: what to do to the base run.
 *
 * @param label how the cell is named in results
 * @param interventions what is done, on top of what already stands in the base run
 * @param held whether the outputs of all heads stay what they are in the base run, but for what the interventions do to them
 */
public record SweepCell(String label, List<Intervention> interventions, boolean held) {
    /** Copies the list and refuses an empty one: such a cell would measure nothing. */
    public SweepCell {
        interventions = List.copyOf(interventions);
        if (interventions.isEmpty()) {
            throw new IllegalArgumentException("Cell " + label + " does nothing.");
        }
    }

    /**
     * A cell behind whose changes everything moves freely.
     *
     * @param label how the cell is named in results
     * @param interventions what is done, on top of what already stands in the base run
     */
    public SweepCell(String label, List<Intervention> interventions) {
        this(label, interventions, false);
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

    /**
     * A cell in which every head is held at {@code z}, before W_O, where the base run has it: changes travel along the
     * residual stream and through MLPs only, as in path patching, and never from one position to another. Attention need
     * not be computed for it, nor any position that is not read.
     *
     * @param label how the cell is named in results
     * @param interventions what is done, at {@code z} or behind it
     * @return the cell
     */
    public static SweepCell held(String label, List<Intervention> interventions) {
        return new SweepCell(label, interventions, true);
    }
}
