package org.headscope.hooks.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.Map;
import org.headscope.hooks.HeadscopeException;

/**
 * Changes numbers where they are. The engine's own {@code copyTo} does not: it puts memory of Java under the array, which
 * is gone once the handle that it was called on is closed, and leaves views of the array behind.
 */
final class Overwrite {
    private static final NDIndex ALL = new NDIndex("...");

    private Overwrite() {}

    /** Sets everything to zero, also what is not a number. */
    static void clear(NDArray array) {
        array.set(ALL, 0);
    }

    /** Puts saved arrays in the place of others, all of them or, when one does not fit, none. */
    static void all(Map<String, NDArray> present, Map<String, NDArray> saved, String what) {
        present.forEach((name, array) -> find(saved, name, array, what));
        present.forEach((name, array) -> array.set(ALL, find(saved, name, array, what)));
    }

    private static NDArray find(Map<String, NDArray> saved, String name, NDArray array, String what) {
        NDArray found = saved.get(name);
        if (found == null || !found.getShape().equals(array.getShape())) {
            throw new HeadscopeException("The saved state of the " + what + " has no '" + name + "' of shape "
                    + array.getShape() + ". It belongs to another model; start anew.");
        }
        return found;
    }
}
