package org.headscope.app.detectview;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.grid.GridCell;

/** Heads as people write them. */
final class HeadNames {
    private HeadNames() {}

    /** Such as {@code 9.6}. */
    static String of(GridCell head) {
        return head.row() + "." + head.column();
    }

    /** Such as {@code 0.1,9.6}, as parameters take them. */
    static String list(Collection<GridCell> heads) {
        return heads.stream().sorted().map(HeadNames::of).collect(Collectors.joining(","));
    }

    static List<MaskUnit> units(Collection<GridCell> heads) {
        return heads.stream()
                .map(head -> MaskUnit.head(head.row(), head.column()))
                .toList();
    }
}
