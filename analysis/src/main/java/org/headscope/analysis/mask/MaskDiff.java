package org.headscope.analysis.mask;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What changes from one mask to another.
 *
 * @param added parts masked only in the second, with their settings there
 * @param removed parts masked only in the first, with their settings there
 * @param changed parts masked in both but differently, with their settings in the second
 */
public record MaskDiff(
        SortedMap<MaskUnit, MaskSetting> added,
        SortedMap<MaskUnit, MaskSetting> removed,
        SortedMap<MaskUnit, MaskSetting> changed) {
    /** Copies the maps. */
    public MaskDiff {
        added = Collections.unmodifiableSortedMap(new TreeMap<>(added));
        removed = Collections.unmodifiableSortedMap(new TreeMap<>(removed));
        changed = Collections.unmodifiableSortedMap(new TreeMap<>(changed));
    }

    /** {@return whether both masks are the same} */
    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }
}
