package org.headscope.app.window;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import org.headscope.app.AppServices;
import org.headscope.app.BuildInfo;
import org.headscope.app.action.Command;
import org.headscope.app.action.CommandCategory;
import org.headscope.app.text.Messages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;

/** The commands of the window itself; views bring their own. */
final class WindowCommands {
    static final String OPEN_MODEL = "file.openModel";
    static final String DARK = "view.dark";
    static final String INSPECTOR = "view.inspector";
    private static final int MOST_WITH_KEY = 9;

    private WindowCommands() {}

    /** @return the id of the command that shows a view */
    static String goTo(ViewSpec view) {
        return "go." + view.id();
    }

    /**
     * Registers them.
     *
     * @param model which views there are
     * @param services shared parts
     * @param close closes the window, unless something in it objects
     */
    static void register(MainViewModel model, AppServices services, Runnable close) {
        services.commands()
                .register(
                        Command.named(OPEN_MODEL, CommandCategory.FILE)
                                .icon("mdi2f-folder-open-outline")
                                .key("Shortcut+O")
                                .runs(model.picker()::chooseFolder),
                        Command.named("file.quit", CommandCategory.FILE)
                                .startsGroup()
                                .key("Shortcut+Q")
                                .runs(close),
                        Command.named("run.stopAll", CommandCategory.RUN)
                                .icon("mdi2s-stop-circle-outline")
                                .key("Shortcut+PERIOD")
                                .runs(model.status()::stopAll));
        registerViews(model, services);
        registerLooks(model, services);
        services.commands()
                .register(Command.named("help.about", CommandCategory.HELP)
                        .icon("mdi2i-information-outline")
                        .runs(() -> services.dialogs().notice(Messages.get("about.title"), about(services))));
    }

    private static void registerViews(MainViewModel model, AppServices services) {
        for (int i = 0; i < model.views().size(); i++) {
            ViewSpec view = model.views().get(i);
            Command.Builder command = Command.named(goTo(view), CommandCategory.GO)
                    .label(view.label())
                    .icon(view.icon());
            if (i < MOST_WITH_KEY) {
                command.key("Shortcut+" + (i + 1));
            }
            services.commands().register(command.runs(() -> model.show(view.id())));
        }
    }

    private static void registerLooks(MainViewModel model, AppServices services) {
        ThemeManager themes = services.themes();
        services.commands()
                .register(
                        Command.named(DARK, CommandCategory.VIEW)
                                .icon("mdi2w-weather-night")
                                .key("Shortcut+D")
                                .switches(darkness(themes)),
                        Command.named(INSPECTOR, CommandCategory.VIEW)
                                .icon("mdi2p-page-layout-sidebar-right")
                                .key("Shortcut+I")
                                .switches(model.inspectorShownProperty()),
                        Command.named("view.presenter", CommandCategory.VIEW)
                                .icon("mdi2p-presentation")
                                .key("F5")
                                .switches(model.presentingProperty()),
                        Command.named("view.larger", CommandCategory.VIEW)
                                .startsGroup()
                                .key("Shortcut+EQUALS")
                                .runs(() -> themes.zoom(1)),
                        Command.named("view.smaller", CommandCategory.VIEW)
                                .key("Shortcut+MINUS")
                                .runs(() -> themes.zoom(-1)),
                        Command.named("view.usualSize", CommandCategory.VIEW)
                                .key("Shortcut+0")
                                .runs(() -> themes.fontScaleProperty().set(ThemeManager.USUAL)));
    }

    private static BooleanProperty darkness(ThemeManager themes) {
        BooleanProperty dark = new SimpleBooleanProperty();
        themes.themeProperty().subscribe(theme -> dark.set(theme == Theme.DARK));
        dark.subscribe((before, now) -> themes.themeProperty().set(now ? Theme.DARK : Theme.LIGHT));
        return dark;
    }

    private static String about(AppServices services) {
        BuildInfo build = BuildInfo.load();
        return Messages.get(
                "about.text",
                build.version(),
                System.getProperty("java.version"),
                build.javafx(),
                build.djl(),
                build.pytorch(),
                services.home().logFile());
    }
}
