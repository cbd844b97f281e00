package org.headscope.app.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import org.junit.jupiter.api.Test;

class CommandRegistryTest {
    private final CommandRegistry registry = new CommandRegistry();

    @Test
    void sameIdTwiceIsRefused() {
        registry.register(command("mask.clear").runs(() -> {}));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.register(command("mask.clear").runs(() -> {})))
                .withMessageContaining("mask.clear");
    }

    @Test
    void sameShortcutTwiceIsRefusedNamingBoth() {
        registry.register(command("one").key("Shortcut+M").runs(() -> {}));

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> registry.register(command("two").key("Shortcut+M").runs(() -> {})))
                .withMessageContaining("one")
                .withMessageContaining("two");
    }

    @Test
    void refusedCommandIsNotThere() {
        registry.register(command("one").key("Shortcut+M").runs(() -> {}));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> registry.register(command("two").key("Shortcut+M").runs(() -> {})));

        assertThat(registry.find("two")).isEmpty();
    }

    @Test
    void commandsOfAMenuKeepTheirOrder() {
        Command second = Command.named("b", CommandCategory.VIEW).label("b").runs(() -> {});
        Command first = Command.named("z", CommandCategory.VIEW).label("z").runs(() -> {});
        registry.register(first, command("other").runs(() -> {}), second);

        assertThat(registry.of(CommandCategory.VIEW)).isEqualTo(List.of(first, second));
    }

    @Test
    void disabledCommandDoesNothing() {
        List<String> done = new ArrayList<>();
        BooleanProperty enabled = new SimpleBooleanProperty(false);
        Command command = command("mask.clear").enabledWhen(enabled).runs(() -> done.add("cleared"));

        command.run();
        enabled.set(true);
        command.run();

        assertThat(done).containsExactly("cleared");
    }

    @Test
    void switchTurnsItsPropertyOver() {
        BooleanProperty dark = new SimpleBooleanProperty(true);

        command("view.dark").switches(dark).run();

        assertThat(dark.get()).isFalse();
    }

    private static Command.Builder command(String id) {
        return Command.named(id, CommandCategory.EDIT).label(id);
    }
}
