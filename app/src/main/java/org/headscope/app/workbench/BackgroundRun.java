package org.headscope.app.workbench;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyStringProperty;

/** Work that a {@link RunBar} follows and stops. */
public interface BackgroundRun {
    ReadOnlyBooleanProperty runningProperty();

    /** Share done, negative when unknown. */
    ReadOnlyDoubleProperty progressProperty();

    /** What is being done just now, for people. */
    ReadOnlyStringProperty messageProperty();

    /** The commands that do the same without the window, one a line; empty before anything was asked. */
    ReadOnlyStringProperty commandProperty();

    /** Stops; what was found so far stays in sight. */
    void cancel();
}
