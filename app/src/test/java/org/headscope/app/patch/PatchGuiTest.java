package org.headscope.app.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.GridView;
import org.headscope.app.control.token.TokenPairModel.Column;
import org.headscope.app.control.token.TokenShades;
import org.headscope.app.files.Assets;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.panel.GridPanelModel;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.TestBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

/** In the clean prompt token 1 was followed by 2, in the corrupt one by 5; head 1.2 alone carries that. */
@GuiTest
@Tag("engine")
class PatchGuiTest {
    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final PatchViewModel model = new PatchViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new PatchView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1000, 740);
        table.showInductionModel();
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void cellOfTheInductionHeadIsOneAndTheOthersOfItsLayerZero(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,4,1", "head_z");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);
        GridPanelModel effect = model.effects().grids().get(0);

        assertThat((double) effect.cells().values().get(1, 2)).isCloseTo(1.0, within(1e-4));
        assertThat((double) effect.cells().values().get(1, 1)).isCloseTo(0.0, within(1e-4));
        assertThat(model.runsProperty().get()).contains("clean 10", "corrupt −10");
    }

    @Test
    void clickOnACellOpensItsNumbers(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,4,1", "head_z");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);
        GridView<?> grid = robot.lookup("#effect .result-grid").queryAs(GridView.class);
        robot.clickOn(grid.localToScreen(grid.centreOf(new GridCell(1, 2))));

        assertThat(model.effects().detailsProperty().get())
                .isEqualTo("layer 1, head 2: normalised logit difference 1 · logit difference 10");
    }

    @Test
    void unequalLengthsAreAlignedAndExplainedBeforeAndAfterRunning(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,1", "head_z");
        TestBench.waitFor(() -> !model.pair().alignedProperty().get());

        assertThat(model.pair().wordsProperty().get())
                .contains("6 tokens", "one 5", "Only the clean prompt has “4”, 1 token: take it out");
        assertThat(model.pair().tokens().pairProperty().get().columns())
                .containsExactly(
                        new Column(0, 0, false),
                        new Column(1, 1, false),
                        new Column(2, 2, true),
                        new Column(3, 3, false),
                        new Column(4, -1, true),
                        new Column(5, 4, false));

        robot.clickOn("#run");
        TestBench.waitFor(() -> !model.run().errorProperty().get().isEmpty());
        assertThat(model.run().errorProperty().get()).contains("clean has 6", "corrupt has 5");
        assertThat(model.text("clean").get()).isEqualTo("ids:0,1,2,3,4,1");
    }

    @Test
    void clicksLeadFromALayerToTheHeadAndTheTokenItReads(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,4,1", "attn_out");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);
        click(robot, "#effect .result-grid", new GridCell(1, 5));
        robot.clickOn("#drill");
        DrillStep heads = step(0);
        assertThat(heads.title()).isEqualTo("Heads of layer 1 at 5 “1”");
        assertThat(effects(heads).get(1, 2)).isCloseTo(1f, within(1e-4f));
        assertThat(effects(heads).get(1, 1)).isCloseTo(0f, within(1e-4f));
        assertThat(effects(heads).get(0, 1))
                .as("another layer was not asked for")
                .isNaN();

        click(robot, ".drill-numbers", new GridCell(1, 2));
        assertThat(heads.detailsProperty().get()).isEqualTo("Head 1.2: 1");
        robot.clickOn("#drill");
        DrillStep sources = step(1);
        assertThat(sources.title()).isEqualTo("What head 1.2 reads at 5 “1”");
        assertThat(shades(sources, 0).at(2)).isCloseTo(1.0, within(1e-4));
        assertThat(shades(sources, 0).at(3)).isCloseTo(0.0, within(1e-4));
        // It looks at position 2 in both prompts; only what it finds there differs.
        assertThat(shades(sources, 1).at(2)).isCloseTo(0.0, within(1e-4));
        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
    }

    @Test
    void theWayBackComputesNothing(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,4,1", "attn_out");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);
        click(robot, "#effect .result-grid", new GridCell(1, 5));
        robot.clickOn("#drill");
        Object first = Objects.requireNonNull(
                step(0).parts().get(0).run().resultProperty().get());
        robot.clickOn("#crumb-0");
        assertThat(model.drill().shownProperty().get()).isEqualTo(Drill.ROOT);
        robot.clickOn("#drill");

        assertThat(model.drill().shownProperty().get()).isZero();
        assertThat(model.drill().steps()).hasSize(1);
        assertThat(step(0).parts().get(0).run().resultProperty().get()).isSameAs(first);
    }

    @Test
    void keysLeadAllTheWay(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,4,1", "head_z_by_pos");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);
        robot.interact(() -> model.text("site").set(site("attn_out")));
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null
                && !model.effects().grids().isEmpty()
                && robot.lookup("#effect .result-grid").tryQuery().isPresent());
        robot.interact(() -> robot.lookup("#effect .result-grid").query().requestFocus());
        robot.type(KeyCode.RIGHT, KeyCode.DOWN, KeyCode.END, KeyCode.ENTER);
        assertThat(step(0).title()).isEqualTo("Heads of layer 1 at 5 “1”");
        step(0);
        robot.type(KeyCode.DOWN, KeyCode.DOWN, KeyCode.RIGHT, KeyCode.RIGHT, KeyCode.ENTER);
        assertThat(step(1).title()).isEqualTo("What head 1.2 reads at 5 “1”");
        robot.type(KeyCode.HOME, KeyCode.RIGHT, KeyCode.RIGHT, KeyCode.ENTER);

        assertThat(step(1).detailsProperty().get()).isEqualTo("Position 2 “5”: value 1 · attention 0");
    }

    @Test
    void allKindsAreShownAtOnceAndLeadOn(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,4,1", "head_z");
        robot.clickOn("All kinds at once");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);

        List<GridPanelModel> grids = model.effects().grids();
        assertThat(grids).extracting(grid -> EffectWords.kind(grid.panel())).containsExactly("resid_pre", "attn_out");
        assertThat((double) grids.get(1).cells().values().get(1, 5)).isCloseTo(1.0, within(1e-4));
        assertThat((double) grids.get(0).cells().values().get(1, 2)).isCloseTo(1.0, within(1e-4));
        assertThat(model.runsProperty().get()).contains("clean 10", "corrupt −10", "mlp_out");

        robot.interact(() -> grids.get(1).choose(new GridCell(1, 5)));
        robot.clickOn("#drill");
        assertThat(step(0).title()).isEqualTo("Heads of layer 1 at 5 “1”");
    }

    @Test
    void aHeadLeadsToItsPositions(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,4,1", "head_z");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);
        click(robot, "#effect .result-grid", new GridCell(1, 2));
        robot.clickOn("#drill");

        assertThat(step(0).title()).isEqualTo("Positions of head 1.2");
        assertThat(shades(step(0), 0).at(5)).isCloseTo(1.0, within(1e-4));
        assertThat(shades(step(0), 0).at(4)).isCloseTo(0.0, within(1e-4));
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        robot.interact(() -> table.bench.open(Assets.locate().file("models/world-6l")));
        TestBench.waitFor(() -> table.bench.modelProperty().get().name().equals("world-6l"));
        robot.interact(() -> {
            model.text("clean").set("When Mary and John went to the park, John gave the book to");
            model.text("corrupt").set("When Mary and John went to the park, Mary gave the book to");
            model.text("answer").set(" Mary");
            model.text("foil").set(" John");
        });
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null
                && !model.pair().wordsProperty().get().isEmpty());
        click(robot, "#effect .result-grid", new GridCell(2, 11));
        pictures(robot, "patch");
        robot.clickOn("#drill");
        HeadsPart heads = (HeadsPart) step(0).parts().get(0);
        robot.interact(() -> heads.heads().choose(new GridCell(0, 4)));
        pictures(robot, "patch-heads");
        robot.clickOn("#drill");
        step(1);
        pictures(robot, "patch-sources");
        robot.clickOn("All kinds at once");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);
        robot.interact(() -> model.text("corrupt").set("When Mary and John went to the park, Mary gave it to"));
        TestBench.waitFor(() -> !model.pair().alignedProperty().get());
        pictures(robot, "patch-every");
    }

    private void pictures(FxRobot robot, String name) throws IOException {
        robot.interact(() -> themes.themeProperty().set(Theme.LIGHT));
        Screenshots.take(stage.getScene(), name + "-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), name + "-dark");
    }

    private static void click(FxRobot robot, String query, GridCell cell) {
        GridView<?> grid = robot.lookup(query).queryAs(GridView.class);
        robot.clickOn(grid.localToScreen(grid.centreOf(cell)));
    }

    /** A closer look when all its runs are through. */
    private DrillStep step(int index) {
        TestBench.waitFor(() -> model.drill().steps().size() > index
                && done(model.drill().steps().get(index)));
        return model.drill().steps().get(index);
    }

    private static boolean done(DrillStep step) {
        return step.parts().stream()
                .allMatch(part -> part.run().resultProperty().get() != null);
    }

    private static GridValues effects(DrillStep step) {
        return ((HeadsPart) step.parts().get(0)).heads().values();
    }

    private static TokenShades shades(DrillStep step, int part) {
        return Objects.requireNonNull(
                ((TokensPart) step.parts().get(part)).tokens().shadesProperty().get());
    }

    private void fill(FxRobot robot, String corrupt, String site) {
        robot.interact(() -> {
            model.text("clean").set("ids:0,1,2,3,4,1");
            model.text("corrupt").set(corrupt);
            model.text("answer").set("ids:2");
            model.text("foil").set("ids:5");
            model.text("site").set(site(site));
        });
    }

    /** The spelling in which the parameter offers a site. */
    private String site(String name) {
        return model.form().field("site").orElseThrow().spec().choices().stream()
                .filter(choice -> choice.replace('-', '_').equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow();
    }
}
