package org.headscope.hooks.intervene;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntPredicate;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/**
 * Which part of an activation an intervention touches. Null means all.
 *
 * @param heads heads (or key-value heads, at sites that have those)
 * @param positions absolute positions; at scores and patterns those of the query
 * @param keys at scores and patterns, absolute positions of the key
 */
public record Region(@Nullable Set<Integer> heads, @Nullable Set<Integer> positions, @Nullable Set<Integer> keys) {
    /** Everything. */
    public static final Region ALL = new Region(null, null, null);

    /** Copies the sets. */
    public Region {
        heads = heads == null ? null : Set.copyOf(heads);
        positions = positions == null ? null : Set.copyOf(positions);
        keys = keys == null ? null : Set.copyOf(keys);
    }

    /**
     * One head at all positions.
     *
     * @param head its index
     * @return the region
     */
    public static Region head(int head) {
        return new Region(Set.of(head), null, null);
    }

    /**
     * All heads at one position.
     *
     * @param position absolute position
     * @return the region
     */
    public static Region position(int position) {
        return new Region(null, Set.of(position), null);
    }

    /**
     * One head at one position.
     *
     * @param head its index
     * @param position absolute position
     * @return the region
     */
    public static Region headAt(int head, int position) {
        return new Region(Set.of(head), Set.of(position), null);
    }

    /** {@return the earliest position that can change, 0 when all can} */
    public int firstPosition() {
        return positions == null
                ? 0
                : positions.stream().mapToInt(Integer::intValue).min().orElse(0);
    }

    /** {@return the latest position that can change, unbounded when all can} */
    public int lastPosition() {
        return positions == null
                ? Integer.MAX_VALUE
                : positions.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /**
     * Tells whether any row of an activation lies in this region.
     *
     * @param value the activation
     * @param point where it is
     * @return whether something would be touched
     */
    boolean touches(NDArray value, HookPoint point) {
        int first = point.context().first();
        long rows = value.getShape().get(point.site().kind().positionAxis());
        return positions == null || positions.stream().anyMatch(p -> p >= first && p < first + rows);
    }

    /** True where the region is, broadcastable to {@code value}; null when it covers everything. */
    @Nullable
    NDArray mask(NDArray value, HookPoint point, NDManager manager) {
        if (heads == null && positions == null && keys == null) {
            return null;
        }
        SiteKind kind = point.site().kind();
        Shape shape = value.getShape();
        int first = point.context().first();
        NDArray mask = null;
        if (heads != null && kind.headAxis() >= 0) {
            mask = axis(manager, shape, kind.headAxis(), heads::contains);
        }
        if (positions != null) {
            Set<Integer> wanted = positions;
            NDArray more = axis(manager, shape, kind.positionAxis(), i -> wanted.contains(i + first));
            mask = mask == null ? more : mask.logicalAnd(more);
        }
        if (keys != null && kind.axes().contains("k_pos")) {
            NDArray more = axis(manager, shape, kind.axes().indexOf("k_pos"), keys::contains);
            mask = mask == null ? more : mask.logicalAnd(more);
        }
        return mask;
    }

    private static NDArray axis(NDManager manager, Shape shape, int axis, IntPredicate in) {
        int n = (int) shape.get(axis);
        boolean[] flags = new boolean[n];
        for (int i = 0; i < n; i++) {
            flags[i] = in.test(i);
        }
        long[] dims = new long[shape.dimension()];
        Arrays.fill(dims, 1);
        dims[axis] = n;
        return manager.create(flags).reshape(new Shape(dims));
    }
}
