package org.headscope.app;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.action.CommandRegistry;
import org.headscope.app.dialog.Dialogs;
import org.headscope.app.dialog.FxDialogs;
import org.headscope.app.files.Assets;
import org.headscope.app.files.Settings;
import org.headscope.app.files.Settings.WindowPlace;
import org.headscope.app.files.UserHome;
import org.headscope.app.history.Workspace;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.job.JobRunner;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.palette.PaletteCommands;
import org.headscope.app.palette.PaletteModel;
import org.headscope.app.palette.PaletteSources;
import org.headscope.app.text.Messages;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.window.AppIcon;
import org.headscope.app.window.MainViewModel;
import org.headscope.app.window.MainWindow;
import org.headscope.app.window.ModelChoice;
import org.headscope.app.window.ModelPickerViewModel;
import org.headscope.app.window.StatusViewModel;
import org.headscope.app.workbench.BenchCommands;
import org.headscope.app.workbench.LastReceipt;
import org.headscope.app.workbench.PickerLink;
import org.headscope.app.workbench.Services;
import org.headscope.app.workbench.Workbench;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The window: makes the shared parts, puts them together, and remembers on closing how it was left. */
public final class HeadscopeApp extends Application {
    private static final Logger LOG = LoggerFactory.getLogger(HeadscopeApp.class);
    private static final long STARTED = ManagementFactory.getRuntimeMXBean().getStartTime();
    private static final int JOB_THREADS = 2;
    private static final double WIDTH = 1240;
    private static final double HEIGHT = 820;

    private static volatile @Nullable RuntimeException startFailure;

    private final UserHome home = UserHome.locate();
    private final UnaryOperator<Dialogs> questions;
    private Settings settings = Settings.FIRST;
    private @Nullable AppServices services;
    private @Nullable MainViewModel model;
    private @Nullable Views views;
    private @Nullable Workbench bench;
    private @Nullable WorkspaceStore store;
    private @Nullable HeadscopeException storeFailure;
    private @Nullable Stage stage;

    /** The window as people get it. */
    public HeadscopeApp() {
        this(UnaryOperator.identity());
    }

    /** @param questions may stand between the window and its dialogs: a robot cannot click what the system draws */
    HeadscopeApp(UnaryOperator<Dialogs> questions) {
        this.questions = questions;
    }

    /** @return why the window could not open, once the toolkit has ended */
    static Optional<RuntimeException> startFailure() {
        return Optional.ofNullable(startFailure);
    }

    @Override
    public void init() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        settings = Settings.load(home);
        try {
            store = Workspace.open();
        } catch (HeadscopeException e) { // without a history the rest still works
            storeFailure = e;
        }
    }

    @Override
    public void start(Stage primary) {
        try {
            open(primary);
        } catch (RuntimeException e) { // thrown on, the toolkit would print it in its own words
            LOG.info("The window could not open", e);
            startFailure = e;
            Platform.exit();
        }
    }

    private void open(Stage primary) {
        stage = primary;
        Assets assets = Assets.locate();
        ThemeManager themes = new ThemeManager(assets);
        themes.themeProperty().set(settings.theme());
        themes.fontScaleProperty().set(settings.fontScale());
        FxDialogs drawn = new FxDialogs(themes, home, FxExecutor.INSTANCE);
        Dialogs dialogs = questions.apply(drawn);
        Thread.setDefaultUncaughtExceptionHandler(new UncaughtFailures(dialogs));
        JobRunner jobs = new JobRunner(
                JOB_THREADS, FxExecutor.INSTANCE, failure -> dialogs.failure(failure.title(), failure.cause()));
        AppServices shared = new AppServices(assets, home, jobs, themes, new CommandRegistry(), dialogs);
        MainViewModel main = mainModel(shared);
        services = shared;
        model = main;
        drawn.setOwner(primary);
        if (storeFailure != null) {
            dialogs.failure(Messages.get("history.opening"), storeFailure);
        }
        show(primary, new Scene(new MainWindow(main, shared), WIDTH, HEIGHT), main, themes);
    }

    @Override
    public void stop() {
        if (bench != null) {
            bench.close();
        }
        if (services != null) {
            services.jobs().close();
        }
        if (store != null) {
            store.close();
        }
        if (model != null && stage != null && services != null) {
            model.presentingProperty().set(false); // its large type is not to be remembered
            try {
                remember(model, stage, services.themes()).save(home);
            } catch (HeadscopeException e) {
                LOG.warn("The settings were not saved", e);
            }
        }
    }

    private MainViewModel mainModel(AppServices shared) {
        ModelPickerViewModel picker = new ModelPickerViewModel(shared.dialogs());
        picker.findBundled(shared.assets());
        picker.setRecent(settings.recentModels());
        LastReceipt receipts = new LastReceipt();
        Workbench made = new Workbench(new Services(
                shared.jobs(),
                new ModelCatalog(shared.assets()),
                AnalysisRegistry.load(),
                store,
                shared.dialogs(),
                receipts));
        PickerLink.connect(picker, made);
        bench = made;
        Views all = new Views(shared, made);
        views = all;
        StatusViewModel status = new StatusViewModel(shared.jobs(), receipts.textProperty());
        MainViewModel main = new MainViewModel(all.all(), picker, status);
        BenchCommands.register(shared.commands(), made);
        PaletteCommands.register(shared, palette(shared, main, all, made), () -> Objects.requireNonNull(stage));
        made.navigation().wantedProperty().subscribe(main::show);
        main.show(settings.view());
        return main;
    }

    private static PaletteModel palette(AppServices shared, MainViewModel main, Views views, Workbench bench) {
        PaletteModel palette = new PaletteModel();
        palette.add(typed -> PaletteSources.head(bench, typed));
        palette.add(typed -> PaletteSources.commands(shared.commands(), PaletteCommands.PALETTE));
        palette.add(typed -> PaletteSources.analyses(bench, analysis -> {
            main.show(Views.ANALYSES);
            views.analyses().choose(analysis);
        }));
        palette.add(typed -> PaletteSources.models(main.picker()));
        return palette;
    }

    private void takeDrops(Scene scene, MainViewModel main, Views views) {
        new DropTarget(folder -> main.picker().open(new ModelChoice(ModelChoice.Kind.FOLDER, folder)), file -> {
                    main.show(Views.MASK);
                    views.mask().read(file);
                })
                .install(scene);
    }

    private void show(Stage primary, Scene scene, MainViewModel main, ThemeManager themes) {
        themes.install(scene);
        takeDrops(scene, main, Objects.requireNonNull(views));
        primary.setScene(scene);
        primary.getIcons().setAll(AppIcon.images());
        primary.titleProperty()
                .bind(Bindings.createStringBinding(
                        () -> title(main), main.picker().currentProperty()));
        place(primary, settings.window());
        primary.show();
        LOG.info("Window shown {} ms after the start", System.currentTimeMillis() - STARTED);
        openFirst(main.picker());
    }

    /** The first thing a person sees is a model at work, not an empty window: that of last time, or the shipped one. */
    private void openFirst(ModelPickerViewModel picker) {
        Path last = Path.of(settings.model());
        if (!settings.model().isEmpty() && Files.exists(last)) {
            picker.open(new ModelChoice(ModelChoice.Kind.FOLDER, last));
            return;
        }
        picker.bundled().stream()
                .filter(choice -> String.valueOf(choice.folder().getFileName()).equals(ModelCatalog.DEFAULT))
                .findFirst()
                .ifPresent(picker::open);
    }

    private static String title(MainViewModel main) {
        ModelChoice open = main.picker().currentProperty().get();
        return open == null ? Messages.get("window.title") : Messages.get("window.titleWithModel", open.label());
    }

    /** Puts the window where it was, unless that screen is gone. */
    private static void place(Stage primary, @Nullable WindowPlace place) {
        if (place == null
                || Screen.getScreensForRectangle(new Rectangle2D(place.x(), place.y(), place.width(), place.height()))
                        .isEmpty()) {
            return;
        }
        primary.setX(place.x());
        primary.setY(place.y());
        primary.setWidth(place.width());
        primary.setHeight(place.height());
        primary.setMaximized(place.maximized());
    }

    private static Settings remember(MainViewModel main, Stage primary, ThemeManager themes) {
        return new Settings(
                themes.themeProperty().get(),
                themes.fontScaleProperty().get(),
                main.picker().recent().stream()
                        .map(choice -> choice.folder().toString())
                        .toList(),
                new WindowPlace(
                        primary.getX(), primary.getY(), primary.getWidth(), primary.getHeight(), primary.isMaximized()),
                main.currentProperty().get().id(),
                lastOwn(main.picker()));
    }

    /** The shipped model needs no remembering: it lies elsewhere after an update. */
    private static String lastOwn(ModelPickerViewModel picker) {
        ModelChoice open = picker.currentProperty().get();
        return open == null || open.kind() == ModelChoice.Kind.BUNDLED
                ? ""
                : open.folder().toString();
    }
}
