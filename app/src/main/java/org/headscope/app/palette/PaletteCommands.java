package org.headscope.app.palette;

import java.util.function.Supplier;
import javafx.stage.Window;
import org.headscope.app.AppServices;
import org.headscope.app.action.Command;
import org.headscope.app.action.CommandCategory;
import org.headscope.app.text.Messages;

/** The commands that find other commands. */
public final class PaletteCommands {
    /** Opens the palette. */
    public static final String PALETTE = "go.palette";

    private PaletteCommands() {}

    /**
     * Registers them.
     *
     * @param services where to
     * @param model what the palette offers
     * @param window what it opens over
     */
    public static void register(AppServices services, PaletteModel model, Supplier<Window> window) {
        CommandPalette palette = new CommandPalette(model, services.themes());
        services.commands()
                .register(
                        Command.named(PALETTE, CommandCategory.GO)
                                .icon("mdi2m-magnify")
                                .key("Shortcut+K")
                                .runs(() -> palette.show(window.get())),
                        Command.named("help.keys", CommandCategory.HELP)
                                .icon("mdi2k-keyboard-outline")
                                .key("F1")
                                .runs(() -> services.dialogs()
                                        .show(Messages.get("command.help.keys"), CheatSheet.of(services.commands()))));
    }
}
