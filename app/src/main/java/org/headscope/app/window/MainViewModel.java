package org.headscope.app.window;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;

/** Which views there are and which one is shown. */
public final class MainViewModel {
    private final List<ViewSpec> views;
    private final ObjectProperty<ViewSpec> current;
    private final BooleanProperty inspectorShown = new SimpleBooleanProperty(this, "inspectorShown", true);
    private final BooleanProperty presenting = new SimpleBooleanProperty(this, "presenting");
    private final ModelPickerViewModel picker;
    private final StatusViewModel status;

    /**
     * @param views at least one, in the order of the navigation; the first is shown
     * @param picker the choice of model
     * @param status the status bar
     * @throws IllegalArgumentException when two views have the same id
     */
    public MainViewModel(List<ViewSpec> views, ModelPickerViewModel picker, StatusViewModel status) {
        Set<String> ids = new HashSet<>();
        for (ViewSpec view : views) {
            if (!ids.add(view.id())) {
                throw new IllegalArgumentException("two views are named " + view.id());
            }
        }
        this.views = List.copyOf(views);
        this.current = new SimpleObjectProperty<>(this, "current", views.get(0));
        this.picker = picker;
        this.status = status;
    }

    public List<ViewSpec> views() {
        return views;
    }

    public ObjectProperty<ViewSpec> currentProperty() {
        return current;
    }

    /** Whether the right side is shown, for views that have something to put there. */
    public BooleanProperty inspectorShownProperty() {
        return inspectorShown;
    }

    /** Whether only the view is seen, in large type, for people who sit far away. */
    public BooleanProperty presentingProperty() {
        return presenting;
    }

    public ModelPickerViewModel picker() {
        return picker;
    }

    public StatusViewModel status() {
        return status;
    }

    /** Shows a view; an unknown id, as from the settings of another version, changes nothing. */
    public void show(String id) {
        views.stream().filter(view -> view.id().equals(id)).findFirst().ifPresent(current::set);
    }
}
