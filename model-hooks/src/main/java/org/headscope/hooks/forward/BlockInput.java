package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What a block starts from. Only positions from {@code first} on are computed; earlier ones take part through their keys
 * and values.
 *
 * @param layer block index
 * @param residPre residual stream {@code [batch, pos - first, d_model]}
 * @param first absolute position of row 0
 * @param queryFrom first row whose output is needed; earlier rows give keys and values only
 * @param prefix keys and values of positions before {@code first}; null when {@code first} is 0
 */
public record BlockInput(int layer, NDArray residPre, int first, int queryFrom, @Nullable KeyValues prefix) {
    /**
     * A block over all positions.
     *
     * @param layer block index
     * @param residPre residual stream {@code [batch, pos, d_model]}
     * @return the input
     */
    public static BlockInput whole(int layer, NDArray residPre) {
        return new BlockInput(layer, residPre, 0, 0, null);
    }

    /**
     * The same block with the residual stream in another handle.
     *
     * @param other handle to the residual stream
     * @return the input
     */
    public BlockInput with(NDArray other) {
        return new BlockInput(layer, other, first, queryFrom, prefix);
    }

    /** {@return absolute position of the first row whose output is needed} */
    public int firstQuery() {
        return first + queryFrom;
    }

    /** {@return the number of rows given} */
    public int rows() {
        return (int) residPre.getShape().get(1);
    }
}
