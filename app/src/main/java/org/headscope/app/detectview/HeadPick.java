package org.headscope.app.detectview;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** The heads that are selected, the same in table, grid and scatter; one of them is the head that other views look at. */
public final class HeadPick {
    private final Workbench bench;
    private final ReadOnlyObjectWrapper<Set<GridCell>> heads = new ReadOnlyObjectWrapper<>(this, "heads", Set.of());

    HeadPick(Workbench bench) {
        this.bench = bench;
        bench.headProperty().subscribe(this::headChanged);
    }

    /** The selected heads in order, replaced as a whole. */
    public ReadOnlyObjectProperty<Set<GridCell>> headsProperty() {
        return heads.getReadOnlyProperty();
    }

    /** Selects heads and nothing else; {@code lead} is looked at. */
    public void set(Collection<GridCell> picked, @Nullable GridCell lead) {
        heads.set(Collections.unmodifiableSet(new TreeSet<>(picked)));
        if (lead != null) {
            bench.headProperty().set(MaskUnit.head(lead.row(), lead.column()));
        }
    }

    /** Selects one more head, or takes it out of the selection. */
    public void toggle(GridCell head) {
        Set<GridCell> changed = new TreeSet<>(heads.get());
        boolean added = changed.add(head);
        if (!added) {
            changed.remove(head);
        }
        set(changed, added ? head : null);
    }

    /** A head chosen elsewhere is selected here, too. */
    private void headChanged(@Nullable MaskUnit head) {
        if (head == null) {
            heads.set(Set.of());
        } else if (head.kind() == MaskUnit.Kind.HEAD) {
            GridCell cell = new GridCell(head.layer(), head.head());
            if (!heads.get().contains(cell)) {
                heads.set(Set.of(cell));
            }
        }
    }
}
