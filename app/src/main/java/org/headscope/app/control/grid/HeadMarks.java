package org.headscope.app.control.grid;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which heads are turned down, and how far: an immutable value, so that a change is one event and undo is one assignment.
 *
 * @param gates for each marked head what is left of it, 0 for off; heads not listed are untouched
 */
public record HeadMarks(NavigableMap<GridCell, Double> gates) {
    /** Nothing marked. */
    public static final HeadMarks NONE = new HeadMarks(new TreeMap<>());

    /** What is left of an untouched head. */
    public static final double FULL = 1.0;

    public HeadMarks {
        for (var entry : gates.entrySet()) {
            if (!Double.isFinite(entry.getValue())) {
                throw new IllegalArgumentException("gate of " + entry.getKey() + " is " + entry.getValue());
            }
        }
        gates = Collections.unmodifiableNavigableMap(new TreeMap<>(gates));
    }

    /** @return the cells switched off entirely */
    public static HeadMarks off(Collection<GridCell> cells) {
        return NONE.with(cells, 0);
    }

    public boolean contains(GridCell cell) {
        return gates.containsKey(cell);
    }

    /** @return what is left of a head, {@link #FULL} when it is not marked */
    public double gate(GridCell cell) {
        return gates.getOrDefault(cell, FULL);
    }

    /** @return the marked cells in reading order */
    public Set<GridCell> cells() {
        return gates.keySet();
    }

    public int size() {
        return gates.size();
    }

    /** @return these marks with more cells marked, or marked with another gate */
    public HeadMarks with(Collection<GridCell> cells, double gate) {
        NavigableMap<GridCell, Double> changed = new TreeMap<>(gates);
        cells.forEach(cell -> changed.put(cell, gate));
        return new HeadMarks(changed);
    }

    /** @return these marks with some cells untouched again */
    public HeadMarks without(Collection<GridCell> cells) {
        NavigableMap<GridCell, Double> changed = new TreeMap<>(gates);
        changed.keySet().removeAll(cells);
        return new HeadMarks(changed);
    }

    /** @return these marks with the cells unmarked if all of them were marked, else with all of them marked */
    public HeadMarks toggled(Collection<GridCell> cells, double gate) {
        return gates.keySet().containsAll(cells) ? without(cells) : with(cells, gate);
    }
}
