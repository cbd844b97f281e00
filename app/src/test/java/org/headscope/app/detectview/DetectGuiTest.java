package org.headscope.app.detectview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.stat.RankCorrelation;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.control.scatter.Scatter;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.SaveMenu;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

/** On a model whose scores are known: 0.1 is the previous-token head, 1.2 the induction head, all others score 0. */
@GuiTest
@Tag("engine")
class DetectGuiTest {
    private static final String PREVIOUS = "head-detectors/Previous-token score";
    private static final String INDUCTION = "head-detectors/Induction score";
    private static final GridCell PREVIOUS_HEAD = new GridCell(0, 1);
    private static final GridCell INDUCTION_HEAD = new GridCell(1, 2);

    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final DetectViewModel model = new DetectViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new DetectView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1060, 740);
        table.showInductionModel();
        model.detectors().forEach(detector -> detector.tickedProperty()
                .set(detector.info().id().equals("head-detectors")));
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void sortingByAScorePutsItsHeadOnTop(FxRobot robot) {
        run(robot);
        assertThat(heads(robot).getItems()).hasSize(8);
        assertThat(heads(robot).getItems().get(0)).isEqualTo(PREVIOUS_HEAD);

        robot.clickOn("Induction score");
        robot.clickOn("Induction score");

        assertThat(heads(robot).getItems().get(0)).isEqualTo(INDUCTION_HEAD);
        assertThat(model.board().score(INDUCTION).orElseThrow().of(INDUCTION_HEAD))
                .isCloseTo(1, within(1e-5));
        assertThat(model.board().score(INDUCTION).orElseThrow().of(PREVIOUS_HEAD))
                .isCloseTo(0, within(1e-5));
    }

    @Test
    void rowsGridAndScatterSelectTheSameHeads(FxRobot robot) {
        run(robot);
        robot.clickOn(cell(robot, "1.2"));
        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
        assertThat(model.grid().grid().cursorProperty().get()).isEqualTo(INDUCTION_HEAD);
        assertThat(model.plot().scatter().selectedProperty().get()).containsExactly(6);

        robot.press(KeyCode.CONTROL).clickOn(cell(robot, "0.1")).release(KeyCode.CONTROL);
        robot.clickOn("#mask-selected");
        assertThat(masked()).containsExactlyInAnyOrder(MaskUnit.head(0, 1), MaskUnit.head(1, 2));
        robot.interact(() -> table.bench.edits().undo());
        assertThat(masked()).isEmpty();
    }

    @Test
    void enterAndDoubleClickOpenAttention(FxRobot robot) {
        run(robot);
        robot.doubleClickOn(cell(robot, "1.2"));
        assertThat(table.bench.navigation().wantedProperty().get()).isEqualTo("attention");
        robot.interact(() -> table.bench.navigation().show("detect"));
        robot.clickOn(cell(robot, "0.1")).type(KeyCode.ENTER);
        assertThat(table.bench.navigation().wantedProperty().get()).isEqualTo("attention");
        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(0, 1));
    }

    @Test
    void scatterSelectsByClickAndByKeyboard(FxRobot robot) {
        run(robot);
        robot.interact(() -> model.plot().yProperty().set(INDUCTION));
        Scatter scatter = robot.lookup("#scatter").queryAs(Scatter.class);
        int induction = 6;
        robot.clickOn(scatter.localToScreen(scatter.centreOf(induction)));
        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
        assertThat(model.plot().scatter().describe(induction))
                .startsWith("Head 1.2: Previous-token score ")
                .endsWith(", Induction score 1");

        robot.type(
                KeyCode.RIGHT,
                KeyCode.RIGHT,
                KeyCode.RIGHT,
                KeyCode.RIGHT,
                KeyCode.RIGHT,
                KeyCode.RIGHT,
                KeyCode.RIGHT);
        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(0, 1));
        assertThat(heads(robot).getSelectionModel().getSelectedItems()).containsExactly(PREVIOUS_HEAD);
        assertThat(model.pick().headsProperty().get()).containsExactly(PREVIOUS_HEAD);
        assertThat(scatter.getAccessibleText()).contains("8 points", "Head 0.1: Previous-token score 1");
    }

    @Test
    void draggedRectangleSelectsWhatLiesInIt(FxRobot robot) {
        run(robot);
        robot.interact(() -> model.plot().yProperty().set(INDUCTION));
        Scatter scatter = robot.lookup("#scatter").queryAs(Scatter.class);
        Point2D at = scatter.localToScreen(scatter.centreOf(6));
        robot.drag(at.subtract(9, 9)).moveTo(at).dropTo(at.add(14, 14));

        assertThat(model.pick().headsProperty().get()).containsExactly(INDUCTION_HEAD);
    }

    @Test
    void rankCorrelationIsThatOfTheTwoScores(FxRobot robot) {
        run(robot);
        robot.interact(() -> model.plot().yProperty().set(INDUCTION));
        Score x = model.board().score(PREVIOUS).orElseThrow();
        Score y = model.board().score(INDUCTION).orElseThrow();
        double rho =
                new RankCorrelation(x.panel().grid().toArray(), y.panel().grid().toArray()).rho();

        Agreement found = Agreement.of(x, y, model.board().heads(), 0);
        assertThat(found.rho()).isEqualTo(rho);
        assertThat(found.p()).isBetween(0.0, 1.0);
        assertThat(robot.lookup("#agreement").queryAs(Label.class).getText())
                .isEqualTo(found.words())
                .contains("8 heads");
    }

    @Test
    void thresholdsLeaveExactlyTheHeadsThatMeetAll(FxRobot robot) {
        run(robot);
        choose(robot, "#add-threshold", INDUCTION);
        assertThat(model.thresholds().meetingProperty().get()).containsExactly(INDUCTION_HEAD);
        assertThat(text(robot, "#threshold-summary")).isEqualTo("1 of 8 heads meet all thresholds");
        assertThat(model.grid().grid().outlinedProperty().get()).containsExactly(INDUCTION_HEAD);
        assertThat(model.plot().scatter().outlinedProperty().get()).containsExactly(6);
        robot.clickOn("#copy-meeting");
        robot.interact(
                () -> assertThat(Clipboard.getSystemClipboard().getString()).isEqualTo("1.2"));

        choose(robot, "#add-threshold", PREVIOUS);
        assertThat(text(robot, "#threshold-summary")).startsWith("No head meets all thresholds");
        assertThat(robot.lookup("#mask-meeting").query().isDisabled()).isTrue();

        robot.clickOn(robot.lookup(".threshold-side").nth(1).<Node>query());
        assertThat(model.thresholds().meetingProperty().get()).containsExactly(INDUCTION_HEAD);
        robot.clickOn("#only-meeting");
        assertThat(heads(robot).getItems()).containsExactly(INDUCTION_HEAD);
    }

    @Test
    void maskTheseMasksWhatMeetsAndUndoTakesItBack(FxRobot robot) {
        run(robot);
        choose(robot, "#add-threshold", INDUCTION);
        robot.clickOn("#mask-meeting");
        HeadMask mask = table.bench.maskProperty().get();
        assertThat(mask.entries()).containsOnlyKeys(MaskUnit.head(1, 2)).containsValue(MaskSetting.ZERO);
        assertThat(text(robot, "#outdated")).startsWith("3 of 3 scores were measured with another mask");

        robot.interact(() -> table.bench.edits().undo());
        assertThat(masked()).isEmpty();
        assertThat(text(robot, "#outdated")).isEmpty();
    }

    @Test
    void typedThresholdAndSliderAreTheSame(FxRobot robot) {
        run(robot);
        choose(robot, "#add-threshold", PREVIOUS);
        TextField field = robot.lookup(".threshold-value").queryAs(TextField.class);
        robot.clickOn(field).eraseText(field.getText().length()).write("0.25").type(KeyCode.ENTER);
        Slider slider = robot.lookup(".threshold-slider").queryAs(Slider.class);
        assertThat(slider.getValue()).isEqualTo(0.25);
        robot.clickOn(field).write("x").type(KeyCode.ENTER);
        assertThat(field.getText()).isEqualTo("0.25");
    }

    @Test
    void headWithoutANumberIsShownAsSuchAndSortedLast(FxRobot robot) {
        model.detectors().forEach(detector -> detector.tickedProperty()
                .set(detector.info().id().equals("head-ablation")));
        robot.interact(() -> table.bench.promptProperty().set("ids:0,1,2,3,4,1"));
        run(robot);
        assertThat(model.board().scores()).isNotEmpty();
        Score known = model.board().scores().get(0);
        Score holed = Holes.in(known, new GridCell(0, 0));
        robot.interact(() -> {
            model.board().put(List.of(holed));
            model.plot().xProperty().set(holed.key());
            model.plot().yProperty().set(holed.key());
        });
        List<GridCell> items = heads(robot).getItems();
        assertThat(items.get(items.size() - 1)).isEqualTo(new GridCell(0, 0));
        assertThat(cell(robot, "–").getTableRow().getItem()).isEqualTo(new GridCell(0, 0));
        assertThat(model.plot().scatter().pointsProperty().get()).hasSize(7);
        assertThat(model.grid().grid().describe(new GridCell(0, 0))).contains("not computed");
        robot.interact(() -> {
            model.thresholds().add(holed.key());
            model.thresholds().all().get(0).valueProperty().set(-1e9);
        });
        assertThat(model.thresholds().meetingProperty().get()).hasSize(7).doesNotContain(new GridCell(0, 0));
    }

    @Test
    void detectorThatFailsDoesNotKeepTheOthersFromRunning(FxRobot robot) {
        model.detectors().stream()
                .filter(detector -> detector.info().id().equals("retrieval-heads"))
                .forEach(detector -> detector.tickedProperty().set(true));
        robot.clickOn("#run");
        TestBench.waitFor(() -> !model.errorProperty().get().isEmpty()
                && !model.run().runningProperty().get());
        assertThat(model.errorProperty().get()).startsWith("Retrieval heads: ");
        assertThat(model.board().keys()).contains(PREVIOUS, INDUCTION);
        assertThat(model.run().commandProperty().get().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("headscope run "));
    }

    @Test
    void scoreOfKeyValueHeadsKeepsItsOwnNumberOfColumns(FxRobot robot) {
        run(robot);
        Score shared = Holes.halved(model.board().score(INDUCTION).orElseThrow());
        robot.interact(() -> {
            model.board().put(List.of(shared));
            model.grid().scoreProperty().set(shared.key());
        });
        assertThat(model.grid().grid().values().columns()).isEqualTo(2);
        HeadGrid grid = robot.lookup("#heads").queryAs(HeadGrid.class);
        robot.clickOn(grid.localToScreen(grid.centreOf(new GridCell(1, 1))));
        assertThat(model.pick().headsProperty().get()).containsExactly(INDUCTION_HEAD, new GridCell(1, 3));
        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
    }

    @Test
    void looksRightOnTheBundledModelInBothThemes(FxRobot robot) throws Exception {
        robot.interact(() -> table.bench.open(ModelCatalog.standard().resolve(ModelCatalog.DEFAULT)));
        TestBench.waitFor(() -> model.board().heads().size() == 48);
        Set<String> quick = Set.of("head-detectors", "copying-scores", "name-copying", "head-svd");
        robot.interact(() -> model.detectors().forEach(detector -> detector.tickedProperty()
                .set(quick.contains(detector.info().id()))));
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.board().scores().size() == 10
                && !model.run().runningProperty().get());
        robot.interact(() -> {
            model.plot().xProperty().set("copying-scores/Copying score");
            model.plot().yProperty().set(INDUCTION);
            model.grid().scoreProperty().set(INDUCTION);
            model.thresholds().add(INDUCTION);
        });
        robot.interact(() -> table.bench.headProperty().set(MaskUnit.head(5, 3)));
        assertThat(model.thresholds().meetingProperty().get()).contains(new GridCell(5, 3));
        Screenshots.take(stage.getScene(), "detect-light");
        robot.interact(() -> {
            themes.themeProperty().set(Theme.DARK);
            model.plot().xProperty().set("name-copying/Copy score");
            model.grid().scoreProperty().set("name-copying/Copy score");
            model.detectors().get(0).openProperty().set(true);
        });
        Screenshots.take(stage.getScene(), "detect-dark");
    }

    @Test
    void missingParameterOpensTheFormAndNothingRuns(FxRobot robot) {
        Detector importance = model.detectors().stream()
                .filter(detector -> detector.info().id().equals("task-head-ablation"))
                .findFirst()
                .orElseThrow();
        robot.interact(() -> importance.tickedProperty().set(true));
        robot.clickOn("#run");
        assertThat(importance.openProperty().get()).isTrue();
        assertThat(model.errorProperty().get())
                .startsWith("Head ablation on a task: ")
                .contains("--task is missing");
        assertThat(model.run().runningProperty().get()).isFalse();
    }

    @Test
    void anotherModelClearsWhatWasFound(FxRobot robot) {
        run(robot);
        choose(robot, "#add-threshold", INDUCTION);
        robot.interact(table::showInductionModel);
        assertThat(model.board().scores()).isEmpty();
        assertThat(model.thresholds().all()).isEmpty();
        assertThat(model.grid().grid().numberedProperty().get()).isFalse();
        assertThat(model.plot().scatter().pointsProperty().get()).isEmpty();
    }

    @Test
    void scoresAreSavedWithEveryRunTheyComeFrom(FxRobot robot, @TempDir Path folder) throws IOException {
        model.detectors().forEach(detector -> detector.tickedProperty()
                .set(List.of("head-detectors", "copying-scores")
                        .contains(detector.info().id())));
        run(robot);
        SaveMenu save = new SaveMenu(robot, table, folder);
        choose(robot, "#colour", INDUCTION);
        GridPanel induction = save.panel("grid-menu", GridPanel.class);
        assertThat(induction.grid().at(1, 2)).isCloseTo(1, within(1e-5));

        Path csv = save.save("table-menu", "csv");
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines).hasSize(1 + 8);
        assertThat(lines.get(0)).startsWith("Head,").endsWith(",Meets the thresholds");
        assertThat(lines.get(0).split(",")).hasSize(2 + model.board().scores().size());
        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(
                                folder.resolve("table-menu.csv.provenance.json").toFile()))
                .hasSize(2)
                .allSatisfy(run -> assertThat(run.findValue("hash").asText())
                        .isEqualTo(model.board()
                                .scores()
                                .get(0)
                                .origin()
                                .provenance()
                                .model()
                                .hash()));

        choose(robot, "#scatter-x", PREVIOUS);
        choose(robot, "#scatter-y", INDUCTION);
        String svg = Files.readString(save.save("scatter-menu", "svg"));
        assertThat(svg).contains("Induction score", "Previous-token score");
        robot.clickOn("#scatter-menu");
        assertThat(robot.lookup("#save-safetensors").tryQuery().filter(Node::isVisible))
                .as("points are no grid")
                .isEmpty();
        robot.type(KeyCode.ESCAPE);
    }

    @Test
    void headsThatAnotherModelDoesNotHaveAreNoLongerPicked(FxRobot robot) {
        Dims larger = new Dims(3, 6, 6, 48, 8, 64, 64, 64);
        robot.interact(() -> table.bench.show(new OpenModel(RandomModel.of(RandomModel.gpt2(larger), 3))));
        robot.interact(() -> model.pick().set(List.of(new GridCell(2, 4), new GridCell(2, 5)), null));
        assertThat(robot.lookup("#mask-selected").queryButton().isDisabled()).isFalse();
        assertThat(model.grid().grid().values().rows()).isEqualTo(3);

        robot.interact(table::showInductionModel);
        assertThat(model.grid().grid().values().rows()).isEqualTo(2);

        assertThat(model.pick().headsProperty().get()).isEmpty();
        assertThat(table.bench.headProperty().get()).isNull();
        assertThat(robot.lookup("#mask-selected").queryButton().isDisabled()).isTrue();
    }

    private void run(FxRobot robot) {
        robot.clickOn("#run");
        TestBench.waitFor(() -> !model.board().scores().isEmpty()
                && !model.run().runningProperty().get());
        assertThat(model.errorProperty().get()).isEmpty();
    }

    private static void choose(FxRobot robot, String list, String key) {
        ComboBox<String> box = robot.lookup(list).queryComboBox();
        robot.interact(() -> box.setValue(key));
    }

    private Set<MaskUnit> masked() {
        return table.bench.maskProperty().get().entries().keySet();
    }

    private static String text(FxRobot robot, String id) {
        return robot.lookup(id).queryAs(Label.class).getText();
    }

    private static TableView<GridCell> heads(FxRobot robot) {
        return robot.lookup("#head-table").queryTableView();
    }

    private static TableCell<?, ?> cell(FxRobot robot, String text) {
        return robot.from(heads(robot))
                .lookup(".table-cell")
                .match((TableCell<?, ?> cell) -> text.equals(cell.getText()))
                .query();
    }
}
