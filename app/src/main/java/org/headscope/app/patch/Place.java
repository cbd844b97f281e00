package org.headscope.app.patch;

import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.GridPanel;

/**
 * Where a patch was put in.
 *
 * @param layer which layer
 * @param head which head, negative when the patch was no head's
 * @param position at which position, negative when it was put in everywhere
 * @param token the token there, empty when it was put in everywhere
 */
public record Place(int layer, int head, int position, String token) {
    /** Everywhere, or in no particular head. */
    static final int NONE = -1;

    /** The place of a cell; key-value heads are no heads. */
    static Place of(GridPanel panel, int[] index) {
        int layer = NONE;
        int head = NONE;
        int position = NONE;
        String token = "";
        List<Axis> axes = panel.grid().axes();
        for (int i = 0; i < index.length; i++) {
            switch (axes.get(i).name()) {
                case Axis.LAYER -> layer = index[i];
                case Axis.HEAD -> head = index[i];
                case Axis.POSITION, Axis.QUERY -> {
                    position = index[i];
                    token = axes.get(i).label(index[i]);
                }
                default -> {}
            }
        }
        return new Place(layer, head, position, token);
    }
}
