package org.headscope.app.control.grid;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.ValueRange;
import org.jspecify.annotations.Nullable;

/** A small picture for every head, all in the same colours. Changed on the window's thread only. */
public final class HeadGalleryModel {
    private final HeadGridModel heads;
    private final List<@Nullable List<GridValues>> layers = new ArrayList<>();
    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision");
    private final ObjectProperty<ScaleKind> scaleKind =
            new SimpleObjectProperty<>(this, "scaleKind", ScaleKind.SEQUENTIAL);
    private final ObjectProperty<ValueRange> range = new SimpleObjectProperty<>(this, "range", new ValueRange(0, 1));

    /** @param heads which heads there are, which one is pointed at, and what is done with a chosen one */
    public HeadGalleryModel(HeadGridModel heads) {
        this.heads = heads;
        heads.valuesProperty().subscribe(this::clear);
        clear();
    }

    /** Layers by heads. */
    public HeadGridModel heads() {
        return heads;
    }

    /** @return the pictures of a layer, null as long as there are none */
    public @Nullable List<GridValues> layer(int layer) {
        return layers.get(layer);
    }

    /** Puts the pictures of a layer in. */
    public void put(int layer, List<GridValues> pictures) {
        layers.set(layer, List.copyOf(pictures));
        changed();
    }

    /** Takes all pictures away. */
    public void clear() {
        layers.clear();
        layers.addAll(Collections.nCopies(heads.values().rows(), null));
        changed();
    }

    private void changed() {
        revision.set(revision.get() + 1);
    }

    /** Counts changes of the pictures. */
    public ReadOnlyLongProperty revisionProperty() {
        return revision.getReadOnlyProperty();
    }

    public ObjectProperty<ScaleKind> scaleKindProperty() {
        return scaleKind;
    }

    /** Ends of the colour scale of all pictures. */
    public ObjectProperty<ValueRange> rangeProperty() {
        return range;
    }
}
