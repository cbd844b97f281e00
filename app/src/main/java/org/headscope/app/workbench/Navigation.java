package org.headscope.app.workbench;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/** Which view is wanted in front: a view that has found something can hand over to the one that shows it best. */
public final class Navigation {
    private final ReadOnlyStringWrapper wanted = new ReadOnlyStringWrapper(this, "wanted", "");

    /** The id of the view asked for last, empty before anything was; it is asked for again by setting it again. */
    public ReadOnlyStringProperty wantedProperty() {
        return wanted.getReadOnlyProperty();
    }

    /**
     * Brings a view to the front.
     *
     * @param view its id, such as {@code attention}
     */
    public void show(String view) {
        wanted.set("");
        wanted.set(view);
    }
}
