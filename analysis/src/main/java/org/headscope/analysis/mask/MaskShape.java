package org.headscope.analysis.mask;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.hooks.config.Dims;

/**
 * The grid a mask lies on. Heads are query heads, also under grouped-query attention: several of them then share keys and
 * values, and each still has an output of its own that can be masked.
 *
 * @param layers number of blocks
 * @param heads query heads per block
 */
public record MaskShape(int layers, int heads) {
    /** Refuses an empty grid. */
    public MaskShape {
        if (layers < 1 || heads < 1) {
            throw new MaskException("A mask needs at least one layer and head, not " + layers + " x " + heads + ".");
        }
    }

    /**
     * The grid of a model.
     *
     * @param dims its sizes
     * @return its layers and query heads
     */
    public static MaskShape of(Dims dims) {
        return new MaskShape(dims.layers(), dims.heads());
    }

    /**
     * @param layer a block of the grid
     * @return its heads
     */
    public List<MaskUnit> headsOf(int layer) {
        return IntStream.range(0, heads)
                .mapToObj(head -> MaskUnit.head(layer, head))
                .toList();
    }

    /**
     * @param kind a kind of part
     * @return all parts of that kind, by layer
     */
    public List<MaskUnit> units(MaskUnit.Kind kind) {
        return IntStream.range(0, layers)
                .boxed()
                .flatMap(layer ->
                        kind == MaskUnit.Kind.HEAD ? headsOf(layer).stream() : Stream.of(new MaskUnit(kind, layer, -1)))
                .toList();
    }

    @Override
    public String toString() {
        return layers + " layers x " + heads + " heads";
    }
}
