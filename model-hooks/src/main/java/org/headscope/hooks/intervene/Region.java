package org.headscope.hooks.intervene;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.NeverFiredException;
import org.headscope.hooks.site.HookSite;
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

    /**
     * Refuses a region that a site cannot have: it would silently touch nothing, or everything.
     *
     * @param site where the region is to be applied
     * @param dims sizes of the model
     * @throws HeadscopeException when the site has no such heads or no keys
     */
    void requireFits(HookSite site, Dims dims) {
        SiteKind kind = site.kind();
        int count = kind.headAxis() < 0 ? 0 : kind.perKvHead() ? dims.kvHeads() : dims.heads();
        if (heads != null && (count == 0 || heads.stream().anyMatch(head -> head < 0 || head >= count))) {
            throw new HeadscopeException(site + " has "
                    + (count == 0
                            ? "no heads"
                            : (kind.perKvHead() ? "key-value heads" : "heads") + " 0 to " + (count - 1))
                    + ", so heads " + new TreeSet<>(heads) + " cannot be edited there.");
        }
        if (keys != null && !kind.axes().contains("k_pos")) {
            throw new HeadscopeException(
                    site + " has no key positions; only attention scores and patterns do. Leave the keys out.");
        }
    }

    /**
     * Refuses positions that a prompt does not have.
     *
     * @param label whose region it is
     * @param length number of tokens
     * @throws NeverFiredException when a position lies outside
     */
    void requireWithin(String label, int length) {
        for (Set<Integer> some : Arrays.asList(positions, keys)) {
            if (some != null && some.stream().anyMatch(p -> p < 0 || p >= length)) {
                throw new NeverFiredException("'" + label + "' names positions " + new TreeSet<>(some)
                        + ", but the prompt has positions 0 to " + (length - 1) + ", so it would never act there.");
            }
        }
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
