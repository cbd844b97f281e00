package org.headscope.hooks.testing;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Map;

/** Counts what a manager still owns, scopes below it included; the public API sees neither scopes nor what is in them. */
public final class NativeCount {
    private NativeCount() {}

    /** {@return arrays and scopes below {@code manager}} */
    public static int below(NDManager manager) {
        int count = 0;
        for (Object resource : resources(manager).values()) {
            count += 1 + (resource instanceof NDManager scope ? below(scope) : 0);
        }
        return count;
    }

    private static Map<?, ?> resources(NDManager manager) {
        try {
            Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            return (Map<?, ?>) field.get(manager);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
