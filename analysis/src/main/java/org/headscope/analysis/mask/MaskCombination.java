package org.headscope.analysis.mask;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Ways to make one mask of two. */
public enum MaskCombination {
    /** Parts masked in either. */
    UNION,
    /** Parts masked in both. */
    INTERSECTION,
    /** Parts masked in the first and not in the second. */
    DIFFERENCE;

    /**
     * How both masks set a part.
     *
     * @param first setting in the first mask
     * @param second setting in the second
     */
    public record Conflict(MaskSetting first, MaskSetting second) {}

    /**
     * Combines two masks.
     *
     * @param first a mask
     * @param second a mask on the same grid
     * @param firstCounts whose settings hold for parts that both mask: the first's, or else the second's
     * @return the combination
     * @throws MaskException when the grids differ
     */
    public HeadMask of(HeadMask first, HeadMask second, boolean firstCounts) {
        return switch (this) {
            case UNION -> firstCounts ? second.union(first) : first.union(second);
            case INTERSECTION -> firstCounts ? first.intersect(second) : second.intersect(first);
            case DIFFERENCE -> first.minus(second);
        };
    }

    /**
     * Parts that both masks mask, each in its own way.
     *
     * @param first a mask
     * @param second a mask on the same grid
     * @return both settings by part
     * @throws MaskException when the grids differ
     */
    public static SortedMap<MaskUnit, Conflict> conflicts(HeadMask first, HeadMask second) {
        SortedMap<MaskUnit, Conflict> conflicts = new TreeMap<>();
        first.diff(second)
                .changed()
                .forEach((unit, setting) ->
                        conflicts.put(unit, new Conflict(first.setting(unit).orElseThrow(), setting)));
        return Collections.unmodifiableSortedMap(conflicts);
    }
}
