package org.headscope.app.action;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.input.KeyCombination;

/** All commands of the window. Menus, toolbar, shortcuts and palette are made from it and from nothing else. */
public final class CommandRegistry {
    private final Map<String, Command> byId = new LinkedHashMap<>();
    private final Map<KeyCombination, Command> byKey = new LinkedHashMap<>();
    private final ObservableList<Command> all = FXCollections.observableArrayList();

    /**
     * Adds commands.
     *
     * @param commands each with an id and a shortcut that no other command has
     * @throws IllegalArgumentException when an id or a shortcut is taken; nothing of it is added
     */
    public void register(Command... commands) {
        for (Command command : commands) {
            Command sameId = byId.get(command.id());
            if (sameId != null) {
                throw new IllegalArgumentException("two commands are named " + command.id());
            }
            command.key().ifPresent(key -> {
                Command sameKey = byKey.putIfAbsent(key, command);
                if (sameKey != null) {
                    throw new IllegalArgumentException(
                            key.getName() + " belongs to " + sameKey.id() + " and cannot start " + command.id());
                }
            });
            byId.put(command.id(), command);
            all.add(command);
        }
    }

    /** @return every command, in the order of registration; changes as commands are added */
    public ObservableList<Command> all() {
        return FXCollections.unmodifiableObservableList(all);
    }

    /** @return the commands of one menu, in the order of registration */
    public List<Command> of(CommandCategory category) {
        List<Command> found = new ArrayList<>(all);
        found.removeIf(command -> command.category() != category);
        return found;
    }

    public Optional<Command> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /**
     * Finds a command that must exist.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    public Command require(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("no command is named " + id));
    }
}
