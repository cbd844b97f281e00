package org.headscope.app.action;

import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.scene.input.KeyCombination;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/**
 * Something a person can ask for: with a name, an icon, a shortcut, and a condition. Made with {@link #named}, registered
 * in a {@link CommandRegistry}, and from there offered by menus, buttons and whatever else lists commands. Its label is
 * the text {@code command.<id>}.
 */
public final class Command {
    private final String id;
    private final String label;
    private final CommandCategory category;
    private final String icon;
    private final @Nullable KeyCombination key;
    private final boolean startsGroup;
    private final ObservableBooleanValue enabled;
    private final @Nullable BooleanProperty selected;
    private final Runnable action;

    private Command(Builder builder, @Nullable BooleanProperty selected, Runnable action) {
        this.id = builder.id;
        this.label = builder.label == null ? Messages.get("command." + builder.id) : builder.label;
        this.category = builder.category;
        this.icon = builder.icon;
        this.key = builder.key;
        this.startsGroup = builder.startsGroup;
        this.enabled = builder.enabled;
        this.selected = selected;
        this.action = action;
    }

    /**
     * Starts a command.
     *
     * @param id unique, such as {@code mask.clear}; names its text too
     * @param category the menu it stands in
     */
    public static Builder named(String id, CommandCategory category) {
        return new Builder(id, category);
    }

    public String id() {
        return id;
    }

    public String label() {
        return label;
    }

    public CommandCategory category() {
        return category;
    }

    /** @return the name of an icon of the icon font, empty when it has none */
    public String icon() {
        return icon;
    }

    public Optional<KeyCombination> key() {
        return Optional.ofNullable(key);
    }

    /** @return whether a line separates it from the command before it in its menu */
    public boolean startsGroup() {
        return startsGroup;
    }

    /** Whether it can be asked for now. */
    public ObservableBooleanValue enabled() {
        return enabled;
    }

    /** @return what a command that is on or off switches */
    public Optional<BooleanProperty> selected() {
        return Optional.ofNullable(selected);
    }

    /** Does it, unless it is not enabled. */
    public void run() {
        if (enabled.get()) {
            action.run();
        }
    }

    @Override
    public String toString() {
        return id;
    }

    /** The parts of a command; ends with {@link #runs} or {@link #switches}. */
    public static final class Builder {
        private final String id;
        private final CommandCategory category;
        private @Nullable String label;
        private String icon = "";
        private @Nullable KeyCombination key;
        private boolean startsGroup;
        private ObservableBooleanValue enabled = Bindings.createBooleanBinding(() -> true);

        private Builder(String id, CommandCategory category) {
            this.id = id;
            this.category = category;
        }

        /** @param text a label made elsewhere, instead of the text {@code command.<id>} */
        public Builder label(String text) {
            label = text;
            return this;
        }

        /** @param literal such as {@code mdi2f-folder-open-outline} */
        public Builder icon(String literal) {
            icon = literal;
            return this;
        }

        /** @param combination such as {@code Shortcut+O} */
        public Builder key(String combination) {
            key = KeyCombination.valueOf(combination);
            return this;
        }

        /** Separates it from the command before it. */
        public Builder startsGroup() {
            startsGroup = true;
            return this;
        }

        public Builder enabledWhen(ObservableBooleanValue condition) {
            enabled = condition;
            return this;
        }

        /** @param action what it does */
        public Command runs(Runnable action) {
            return new Command(this, null, action);
        }

        /** @param property what it turns on and off */
        public Command switches(BooleanProperty property) {
            return new Command(this, property, () -> property.set(!property.get()));
        }
    }
}
