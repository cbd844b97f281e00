package org.headscope.app.historyview;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import javafx.scene.control.TableView;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.RunSettings;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
@Tag("engine")
class HistoryGuiTest {
    @TempDir
    Path folder;

    private WorkspaceStore store;
    private TestBench table;
    private HistoryViewModel model;
    private HistoryView view;
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        store = WorkspaceStore.open(folder.resolve("workspace.db"));
        table = new TestBench(FxExecutor.INSTANCE, store);
        model = new HistoryViewModel(table.bench.services());
        view = new HistoryView(model);
        StackPane root = new StackPane(view.node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1060, 560);
        table.showInductionModel();
    }

    @AfterEach
    void close() {
        table.close();
        store.close();
    }

    @Test
    void recordedRunIsListedOpenedAndTellsItsCommand(FxRobot robot) throws Exception {
        runAndList(robot);
        select(robot);

        assertThat(model.runs()).hasSize(1);
        assertThat(model.panels()).isNotEmpty();
        assertThat(model.commandProperty().get())
                .startsWith("headscope run head-ablation --model ")
                .contains("--prompt ids:0,1,2,3,4,1", "--answer ids:2", "--seed 0");
        Screenshots.take(stage.getScene(), "history-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "history-dark");
    }

    @Test
    void deletedRunComesBackByUndo(FxRobot robot) {
        runAndList(robot);
        select(robot);
        robot.clickOn("#history-delete");
        TestBench.waitFor(() -> model.runs().isEmpty());
        robot.clickOn("#history-undo");
        TestBench.waitFor(() -> model.runs().size() == 1);

        assertThat(model.undoableProperty().get()).isFalse();
        assertThat(store.runs().recent(10)).hasSize(1);
    }

    private void runAndList(FxRobot robot) {
        AnalysisRun run = new AnalysisRun(table.bench.services());
        robot.interact(() -> run.start(new AnalysisCall(
                table.bench.modelProperty().get(),
                RunSettings.unmasked(table.bench.modelProperty().get(), BosPolicy.AUTO),
                table.bench.services().analyses().get("head-ablation"),
                Map.of("prompt", "ids:0,1,2,3,4,1", "answer", "ids:2", "foil", "ids:5"))));
        TestBench.waitFor(() -> run.resultProperty().get() != null);
        robot.interact(view::shown);
        TestBench.waitFor(() -> !model.runs().isEmpty());
    }

    private void select(FxRobot robot) {
        TableView<?> runs = robot.lookup("#runs").queryAs(TableView.class);
        robot.interact(() -> runs.getSelectionModel().select(0));
        TestBench.waitFor(() -> !model.panels().isEmpty());
    }
}
