package org.headscope.app.historyview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.ModelRef;
import org.headscope.analysis.result.Numerics;
import org.headscope.analysis.result.Provenance;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Timing;
import org.headscope.analysis.store.RunSpec;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.control.grid.GridView;
import org.headscope.app.files.Assets;
import org.headscope.app.history.RunComparison;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.RunSettings;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
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
        themes = Stages.show(stage, root, 1060, 720);
        table.showInductionModel();
    }

    @AfterEach
    void close() {
        table.close();
        store.close();
    }

    @Test
    void recordedRunIsListedOpenedAndTellsItsCommand(FxRobot robot) throws IOException {
        run(robot, "ids:5");
        list(robot, 1);
        select(robot, 0);

        assertThat(model.shown().panels()).isNotEmpty();
        assertThat(model.shown().commandProperty().get())
                .startsWith("headscope run head-ablation --model ")
                .contains("--prompt ids:0,1,2,3,4,1", "--answer ids:2", "--seed 0");
        pictures(robot, "history");
    }

    @Test
    void deletedRunsComeBackByUndo(FxRobot robot) {
        run(robot, "ids:5");
        run(robot, "ids:6");
        list(robot, 2);
        robot.clickOn("#runs").press(KeyCode.SHORTCUT, KeyCode.A).release(KeyCode.A, KeyCode.SHORTCUT);
        robot.clickOn("#history-delete");
        TestBench.waitFor(() -> model.rows().isEmpty());
        robot.clickOn("#history-undo");
        TestBench.waitFor(() -> model.rows().size() == 2);

        assertThat(model.undoableProperty().get()).isFalse();
        assertThat(store.runs().recent(10)).hasSize(2);
    }

    @Test
    void differenceOfTwoRunsIsTheSecondMinusTheFirst(FxRobot robot) throws Exception {
        run(robot, "ids:5");
        run(robot, "ids:5", "gate");
        list(robot, 2);
        TableView<?> runs = robot.lookup("#runs").queryAs(TableView.class);
        robot.interact(() -> {
            runs.getSelectionModel().select(0);
            runs.getSelectionModel().select(1);
        });
        TestBench.waitFor(() -> model.shown().comparisonProperty().get() != null);

        RunComparison two = model.shown().comparisonProperty().get();
        assertThat(two.settings().rows().get(0)).containsExactly("≠", "mode", "zero", "gate");
        assertThat(two.settings().rows().stream().filter(row -> row.get(0).equals("≠")))
                .hasSize(1);
        HeadGrid first = heads(store.runs().result(1).orElseThrow());
        HeadGrid second = heads(store.runs().result(2).orElseThrow());
        GridView<?> shown = robot.lookup(".difference .result-grid").queryAs(GridView.class);
        assertThat(second.grid().at(1, 2)).isNotCloseTo(first.grid().at(1, 2), within(0.1));
        for (int layer = 0; layer < first.grid().shape()[0]; layer++) {
            for (int head = 0; head < first.grid().shape()[1]; head++) {
                double difference = second.grid().at(layer, head) - first.grid().at(layer, head);
                assertThat((double) shown.model().values().get(layer, head)).isCloseTo(difference, within(1e-6));
            }
        }
        assertThat(shown.model().range().low()).isEqualTo(-shown.model().range().high());
        table.dialogs.answerFolder(folder.resolve("difference.csv"));
        robot.clickOn(robot.from(robot.lookup(".difference").queryAll())
                .lookup(".panel-menu")
                .<Node>query());
        GuiWait.untilVisible(robot, "#save-csv");
        robot.clickOn("#save-csv");
        Path origins = folder.resolve("difference.csv.provenance.json");
        TestBench.waitFor(() -> Files.exists(origins));
        assertThat(JsonMapper.builder().build().readTree(origins.toFile()))
                .as("a difference comes from both runs")
                .hasSize(2);
        pictures(robot, "history-compare");
    }

    @Test
    void wordsFindRunsByParameterAndByNote(FxRobot robot) {
        run(robot, "ids:5");
        run(robot, "ids:6");
        list(robot, 2);
        select(robot, 1);
        robot.clickOn("#history-note").write("the odd 100% one");
        TestBench.waitFor(() -> store.notes().ofRuns().containsValue("the odd 100% one"));
        robot.clickOn("#history-search").write("ODD 100%");
        TestBench.waitFor(() -> model.rows().size() == 1);
        assertThat(model.rows().get(0).run().id()).isEqualTo(1);
        robot.clickOn("#history-search").eraseText(8).write("ablation [6]");
        TestBench.waitFor(
                () -> model.rows().size() == 1 && model.rows().get(0).run().id() == 2);
        robot.clickOn("#history-search").eraseText(12).write("nowhere");
        TestBench.waitFor(() -> model.rows().isEmpty());
    }

    @Test
    void noteSurvivesAnotherStart(FxRobot robot) {
        run(robot, "ids:5");
        list(robot, 1);
        select(robot, 0);
        robot.clickOn("#history-note").write("induction, head 1.0");
        TestBench.waitFor(() -> store.notes().ofRuns().containsValue("induction, head 1.0"));
        store.close();
        try (WorkspaceStore again = WorkspaceStore.open(folder.resolve("workspace.db"))) {
            assertThat(again.notes().ofRuns()).containsExactly(Map.entry(1L, "induction, head 1.0"));
        }
        assertThat(robot.lookup("#history-note").queryAs(TextArea.class).getText())
                .isEqualTo("induction, head 1.0");
    }

    @Test
    void resultThatIsGoneOrDamagedIsExplained(FxRobot robot) throws IOException {
        long id = store.runs().queue(spec("head-ablation", JsonNodeFactory.instance.objectNode(), "none"));
        store.runs().start(id);
        store.runs().finish(id, large());
        Path file = folder.resolve("workspace.db-results").resolve("run-" + id + ".json");
        assertThat(file).exists();
        Files.writeString(file, "{\"format\": ");
        list(robot, 1);
        TableView<?> runs = robot.lookup("#runs").queryAs(TableView.class);
        robot.interact(() -> runs.getSelectionModel().select(0));
        TestBench.waitFor(() -> !model.shown().errorProperty().get().isEmpty());
        assertThat(model.shown().errorProperty().get()).contains("run " + id, "run-1.json");

        Files.delete(file);
        robot.interact(() -> runs.getSelectionModel().clearSelection());
        robot.interact(() -> runs.getSelectionModel().select(0));
        TestBench.waitFor(() -> model.shown().errorProperty().get().contains("is gone"));
        assertThat(model.shown().panels()).isEmpty();
    }

    /** Written past the store, which would take a transaction for each. */
    @Test
    void listStaysFluentWithFiveThousandRuns(FxRobot robot) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store.file());
                Statement statement = connection.createStatement()) {
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
                    + " INSERT INTO runs (analysis, title, parameters, mask, model_path, model_hash, code_version, seed,"
                    + " status, owner, created_at, seconds) SELECT 'head-ablation', 'Head ablation',"
                    + " '{\"prompt\":\"number ' || i || '\"}', '{}', 'm', 'h', '1', i, 'done', 'x',"
                    + " '2026-01-01T00:00:00.000000000Z', i FROM n");
        }
        long start = System.nanoTime();
        list(robot, 5000);
        robot.clickOn("#history-search").write("number 4999");
        TestBench.waitFor(() -> model.rows().size() == 1);
        robot.eraseText(11);
        TestBench.waitFor(() -> model.rows().size() == 5000);
        double seconds = (System.nanoTime() - start) / 1e9;
        int drawn = robot.lookup("#runs .table-row-cell").queryAll().size();

        assertThat(drawn).isLessThan(100);
        assertThat(seconds).isLessThan(15);
        LoggerFactory.getLogger(HistoryGuiTest.class).info("5000 runs listed, searched, listed again: {} s", seconds);
        long sorting = System.nanoTime();
        robot.interact(() -> {
            TableView<?> runs = robot.lookup("#runs").queryAs(TableView.class);
            sort(runs, 4);
        });
        double sorted = (System.nanoTime() - sorting) / 1e9;
        assertThat(sorted).isLessThan(2);
        LoggerFactory.getLogger(HistoryGuiTest.class).info("sorted in {} s", sorted);
        TableView<?> runs = robot.lookup("#runs").queryAs(TableView.class);
        assertThat(((HistoryRow) runs.getItems().get(0)).run().state().seconds())
                .isEqualTo(1);
    }

    private static <T> void sort(TableView<T> table, int column) {
        table.getSortOrder().add(table.getColumns().get(column));
        table.sort();
    }

    @Test
    void runOfAnEarlierVersionIsRepeatedWithItsSinglePosition(FxRobot robot) {
        Path induction = Assets.locate().file("models/induction-2l").toAbsolutePath();
        ObjectNode old = JsonNodeFactory.instance.objectNode();
        old.putArray("prompt").add(0).add(1).add(2).add(3).add(4).add(1);
        old.putArray("answer").add(2);
        old.put("position", -1);
        String hash;
        try (HookedTransformer open = ModelLoader.load(induction)) {
            hash = open.identity().hash();
        }
        store.runs()
                .queue(new RunSpec(
                        "direct-logit-attribution",
                        "Direct logit attribution",
                        old,
                        JsonNodeFactory.instance.objectNode(),
                        new RunSpec.ModelKey(induction.toString(), hash),
                        "0.1",
                        0));
        list(robot, 1);
        TableView<?> runs = robot.lookup("#runs").queryAs(TableView.class);
        robot.interact(() -> runs.getSelectionModel().select(0));
        robot.clickOn("#history-repeat");
        TestBench.waitFor(() -> model.rows().size() == 2);

        assertThat(model.errorProperty().get()).isEmpty();
        assertThat(model.rows().get(0).status()).isEqualTo("done");
        assertThat(model.rows().get(0).run().spec().parameters().path("position"))
                .containsExactly(JsonNodeFactory.instance.numberNode(-1));
    }

    @Test
    void runWhoseParametersNoLongerFitSaysSo(FxRobot robot) {
        ObjectNode unknown = JsonNodeFactory.instance.objectNode().put("sideways", true);
        store.runs().queue(spec("head-ablation", unknown, "none"));
        list(robot, 1);
        TableView<?> runs = robot.lookup("#runs").queryAs(TableView.class);
        robot.interact(() -> runs.getSelectionModel().select(0));

        assertThat(model.shown().remarkProperty().get()).contains("sideways");
    }

    private static RunSpec spec(String analysis, ObjectNode parameters, String model) {
        return new RunSpec(
                analysis,
                "Head ablation",
                parameters,
                JsonNodeFactory.instance.objectNode(),
                new RunSpec.ModelKey(model, model),
                "0.1",
                0);
    }

    private static Result large() {
        double[] values = new double[400 * 400];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 7.0;
        }
        Grid grid = Grid.of(List.of(Axis.layers(400), Axis.heads(400)), values);
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        return new Result(
                "Head ablation",
                List.of(new HeadGrid("Effect", Quantity.signed("effect", ""), grid)),
                List.of(),
                new Provenance(
                        "head-ablation",
                        none,
                        new ModelRef("none", "none", none),
                        List.of(),
                        new Numerics("auto", "none", "raw", "float32"),
                        0,
                        "0.1",
                        new Timing(Instant.now(), 1, Map.of())));
    }

    private static HeadGrid heads(Result result) {
        return result.panels().stream()
                .filter(panel -> panel instanceof GridPanel)
                .map(HeadGrid.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private void run(FxRobot robot, String foil) {
        run(robot, foil, "zero");
    }

    private void run(FxRobot robot, String foil, String mode) {
        AnalysisRun run = new AnalysisRun(table.bench.services());
        robot.interact(() -> run.start(new AnalysisCall(
                table.bench.modelProperty().get(),
                RunSettings.unmasked(table.bench.modelProperty().get(), BosPolicy.AUTO),
                table.bench.services().analyses().get("head-ablation"),
                Map.of("prompt", "ids:0,1,2,3,4,1", "answer", "ids:2", "foil", foil, "mode", mode))));
        TestBench.waitFor(() -> run.resultProperty().get() != null);
    }

    private void list(FxRobot robot, int count) {
        robot.interact(view::shown);
        TestBench.waitFor(() -> model.rows().size() == count);
    }

    private void select(FxRobot robot, int row) {
        TableView<?> runs = robot.lookup("#runs").queryAs(TableView.class);
        robot.interact(() -> runs.getSelectionModel().select(row));
        TestBench.waitFor(() -> !model.shown().panels().isEmpty());
    }

    private void pictures(FxRobot robot, String name) throws IOException {
        Screenshots.take(stage.getScene(), name + "-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), name + "-dark");
    }
}
