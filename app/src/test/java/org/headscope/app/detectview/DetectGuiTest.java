package org.headscope.app.detectview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import javafx.scene.input.KeyCode;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.theme.Theme;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;

/** On a model whose scores are known: 0.1 is the previous-token head, 1.2 the induction head, all others score 0. */
@GuiTest
@Tag("engine")
class DetectGuiTest {
    @RegisterExtension
    final DetectDesk desk = new DetectDesk();

    @Test
    void sortingByAScorePutsItsHeadOnTop(FxRobot robot) {
        desk.run(robot);
        assertThat(desk.heads(robot).getItems()).hasSize(8);
        assertThat(desk.heads(robot).getItems().get(0)).isEqualTo(DetectDesk.PREVIOUS_HEAD);

        robot.clickOn("Induction score");
        robot.clickOn("Induction score");

        assertThat(desk.heads(robot).getItems().get(0)).isEqualTo(DetectDesk.INDUCTION_HEAD);
        assertThat(desk.model()
                        .board()
                        .score(DetectDesk.INDUCTION)
                        .orElseThrow()
                        .of(DetectDesk.INDUCTION_HEAD))
                .isCloseTo(1, within(1e-5));
        assertThat(desk.model()
                        .board()
                        .score(DetectDesk.INDUCTION)
                        .orElseThrow()
                        .of(DetectDesk.PREVIOUS_HEAD))
                .isCloseTo(0, within(1e-5));
    }

    @Test
    void rowsGridAndScatterSelectTheSameHeads(FxRobot robot) {
        desk.run(robot);
        robot.clickOn(desk.cell(robot, "1.2"));
        assertThat(desk.bench().headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
        assertThat(desk.model().grid().grid().cursorProperty().get()).isEqualTo(DetectDesk.INDUCTION_HEAD);
        assertThat(desk.model().plot().scatter().selectedProperty().get()).containsExactly(6);

        robot.press(KeyCode.CONTROL).clickOn(desk.cell(robot, "0.1")).release(KeyCode.CONTROL);
        robot.clickOn("#mask-selected");
        assertThat(desk.masked()).containsExactlyInAnyOrder(MaskUnit.head(0, 1), MaskUnit.head(1, 2));
        robot.interact(() -> desk.bench().edits().undo());
        assertThat(desk.masked()).isEmpty();
    }

    @Test
    void enterAndDoubleClickOpenAttention(FxRobot robot) {
        desk.run(robot);
        robot.doubleClickOn(desk.cell(robot, "1.2"));
        assertThat(desk.bench().navigation().wantedProperty().get()).isEqualTo("attention");
        robot.interact(() -> desk.bench().navigation().show("detect"));
        robot.clickOn(desk.cell(robot, "0.1")).type(KeyCode.ENTER);
        assertThat(desk.bench().navigation().wantedProperty().get()).isEqualTo("attention");
        assertThat(desk.bench().headProperty().get()).isEqualTo(MaskUnit.head(0, 1));
    }

    @Test
    void headWithoutANumberIsShownAsSuchAndSortedLast(FxRobot robot) {
        desk.model().detectors().forEach(detector -> detector.tickedProperty()
                .set(detector.info().id().equals("head-ablation")));
        robot.interact(() -> desk.bench().promptProperty().set("ids:0,1,2,3,4,1"));
        desk.run(robot);
        assertThat(desk.model().board().scores()).isNotEmpty();
        Score known = desk.model().board().scores().get(0);
        Score holed = Holes.in(known, new GridCell(0, 0));
        robot.interact(() -> {
            desk.model().board().put(List.of(holed));
            desk.model().plot().xProperty().set(holed.key());
            desk.model().plot().yProperty().set(holed.key());
        });
        List<GridCell> items = desk.heads(robot).getItems();
        assertThat(items.get(items.size() - 1)).isEqualTo(new GridCell(0, 0));
        assertThat(desk.cell(robot, "–").getTableRow().getItem()).isEqualTo(new GridCell(0, 0));
        assertThat(desk.model().plot().scatter().pointsProperty().get()).hasSize(7);
        assertThat(desk.model().grid().grid().describe(new GridCell(0, 0))).contains("not computed");
        robot.interact(() -> {
            desk.model().thresholds().add(holed.key());
            desk.model().thresholds().all().get(0).valueProperty().set(-1e9);
        });
        assertThat(desk.model().thresholds().meetingProperty().get()).hasSize(7).doesNotContain(new GridCell(0, 0));
    }

    @Test
    void detectorThatFailsDoesNotKeepTheOthersFromRunning(FxRobot robot) {
        desk.model().detectors().stream()
                .filter(detector -> detector.info().id().equals("retrieval-heads"))
                .forEach(detector -> detector.tickedProperty().set(true));
        robot.clickOn("#run");
        TestBench.waitFor(() -> !desk.model().errorProperty().get().isEmpty()
                && !desk.model().run().runningProperty().get());
        assertThat(desk.model().errorProperty().get()).startsWith("Retrieval heads: ");
        assertThat(desk.model().board().keys()).contains(DetectDesk.PREVIOUS, DetectDesk.INDUCTION);
        assertThat(desk.model().run().commandProperty().get().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("headscope run "));
    }

    @Test
    void scoreOfKeyValueHeadsKeepsItsOwnNumberOfColumns(FxRobot robot) {
        desk.run(robot);
        Score shared =
                Holes.halved(desk.model().board().score(DetectDesk.INDUCTION).orElseThrow());
        robot.interact(() -> {
            desk.model().board().put(List.of(shared));
            desk.model().grid().scoreProperty().set(shared.key());
        });
        assertThat(desk.model().grid().grid().values().columns()).isEqualTo(2);
        HeadGrid grid = robot.lookup("#heads").queryAs(HeadGrid.class);
        robot.clickOn(grid.localToScreen(grid.centreOf(new GridCell(1, 1))));
        assertThat(desk.model().pick().headsProperty().get())
                .containsExactly(DetectDesk.INDUCTION_HEAD, new GridCell(1, 3));
        assertThat(desk.bench().headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
    }

    @Test
    void looksRightOnTheBundledModelInBothThemes(FxRobot robot) throws Exception {
        robot.interact(() -> desk.bench().open(ModelCatalog.standard().resolve(ModelCatalog.DEFAULT)));
        TestBench.waitFor(() -> desk.model().board().heads().size() == 48);
        Set<String> quick = Set.of("head-detectors", "copying-scores", "name-copying", "head-svd");
        robot.interact(() -> desk.model().detectors().forEach(detector -> detector.tickedProperty()
                .set(quick.contains(detector.info().id()))));
        robot.clickOn("#run");
        TestBench.waitFor(() -> desk.model().board().scores().size() == 10
                && !desk.model().run().runningProperty().get());
        robot.interact(() -> {
            desk.model().plot().xProperty().set("copying-scores/Copying score");
            desk.model().plot().yProperty().set(DetectDesk.INDUCTION);
            desk.model().grid().scoreProperty().set(DetectDesk.INDUCTION);
            desk.model().thresholds().add(DetectDesk.INDUCTION);
        });
        robot.interact(() -> desk.bench().headProperty().set(MaskUnit.head(5, 3)));
        assertThat(desk.model().thresholds().meetingProperty().get()).contains(new GridCell(5, 3));
        Screenshots.take(desk.stage().getScene(), "detect-light");
        robot.interact(() -> {
            desk.themes().themeProperty().set(Theme.DARK);
            desk.model().plot().xProperty().set("name-copying/Copy score");
            desk.model().grid().scoreProperty().set("name-copying/Copy score");
            desk.model().detectors().get(0).openProperty().set(true);
        });
        Screenshots.take(desk.stage().getScene(), "detect-dark");
    }

    @Test
    void missingParameterOpensTheFormAndNothingRuns(FxRobot robot) {
        Detector importance = desk.model().detectors().stream()
                .filter(detector -> detector.info().id().equals("task-head-ablation"))
                .findFirst()
                .orElseThrow();
        robot.interact(() -> importance.tickedProperty().set(true));
        robot.clickOn("#run");
        assertThat(importance.openProperty().get()).isTrue();
        assertThat(desk.model().errorProperty().get())
                .startsWith("Head ablation on a task: ")
                .contains("--task is missing");
        assertThat(desk.model().run().runningProperty().get()).isFalse();
    }

    @Test
    void anotherModelClearsWhatWasFound(FxRobot robot) {
        desk.run(robot);
        desk.choose(robot, "#add-threshold", DetectDesk.INDUCTION);
        robot.interact(desk.table()::showInductionModel);
        assertThat(desk.model().board().scores()).isEmpty();
        assertThat(desk.model().thresholds().all()).isEmpty();
        assertThat(desk.model().grid().grid().numberedProperty().get()).isFalse();
        assertThat(desk.model().plot().scatter().pointsProperty().get()).isEmpty();
    }

    @Test
    void headsThatAnotherModelDoesNotHaveAreNoLongerPicked(FxRobot robot) {
        Dims larger = new Dims(3, 6, 6, 48, 8, 64, 64, 64);
        robot.interact(() -> desk.bench().show(new OpenModel(RandomModel.of(RandomModel.gpt2(larger), 3))));
        robot.interact(() -> desk.model().pick().set(List.of(new GridCell(2, 4), new GridCell(2, 5)), null));
        assertThat(robot.lookup("#mask-selected").queryButton().isDisabled()).isFalse();
        assertThat(desk.model().grid().grid().values().rows()).isEqualTo(3);

        robot.interact(desk.table()::showInductionModel);
        assertThat(desk.model().grid().grid().values().rows()).isEqualTo(2);

        assertThat(desk.model().pick().headsProperty().get()).isEmpty();
        assertThat(desk.bench().headProperty().get()).isNull();
        assertThat(robot.lookup("#mask-selected").queryButton().isDisabled()).isTrue();
    }
}
