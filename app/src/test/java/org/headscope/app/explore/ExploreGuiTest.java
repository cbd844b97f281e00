package org.headscope.app.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javafx.beans.InvalidationListener;
import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.files.Assets;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.SaveMenu;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.LastReceipt;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
@Tag("engine")
class ExploreGuiTest {
    /** Token 1 was followed by 2; now 1 comes again. */
    private static final String PROMPT = "ids:0,1,2,3,4,1";

    private static final int[] IDS = {0, 1, 2, 3, 4, 1};
    private static final int FOLLOWER = 2;

    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final ExploreViewModel model = new ExploreViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new ExploreView(model, new Label("empty"), new Label("inspector")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 960, 700);
        table.showInductionModel();
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void typedPromptIsShownAsTokensAndContinued(FxRobot robot) {
        type(robot, PROMPT);

        assertThat(table.bench.tokens().tokensProperty().get()).containsExactly("0", "1", "2", "3", "4", "1");
        assertThat(model.predictions().get(0).id()).isEqualTo(FOLLOWER);
        assertThat(model.predictions().get(0).before()).isCloseTo(oracle(null), within(1e-6));
    }

    @Test
    void clickOnTheInductionHeadTakesThePredictionAway(FxRobot robot) {
        ask(robot);
        click(robot, 1, 2);
        TestBench.waitFor(() -> !model.receipts().isEmpty());

        assertThat(after(FOLLOWER)).isCloseTo(oracle(new Ablation.Zero()), within(1e-6));
        assertThat(after(FOLLOWER)).isCloseTo(1 / 32.0, within(1e-3));
        assertThat(LastReceipt.words(model.receipts().get(0))).isEqualTo("1.2 zero · fired 1× · change 1");
        assertThat(table.bench.services().receipts().textProperty().get()).isEqualTo("1.2 zero · fired 1× · change 1");
    }

    @Test
    void spaceMasksTheHeadUnderTheCursorAndUnmasksItAgain(FxRobot robot) {
        ask(robot);
        robot.interact(grid(robot)::requestFocus);
        robot.type(KeyCode.DOWN, KeyCode.DOWN, KeyCode.RIGHT, KeyCode.RIGHT, KeyCode.SPACE);
        TestBench.waitFor(() -> !model.receipts().isEmpty());

        assertThat(table.bench.maskProperty().get().entries())
                .containsOnly(Map.entry(MaskUnit.head(1, 2), MaskSetting.ZERO));
        assertThat(after(FOLLOWER)).isCloseTo(oracle(new Ablation.Zero()), within(1e-6));

        robot.type(KeyCode.SPACE);
        TestBench.waitFor(() -> model.receipts().isEmpty());
        assertThat(after(FOLLOWER)).isCloseTo(oracle(null), within(1e-6));
    }

    @Test
    void scoresAndThePredictionUnderTheMaskAreSaved(FxRobot robot, @TempDir Path folder) {
        ask(robot);
        robot.interact(() -> model.scores()
                .chosenProperty()
                .set(model.scores().choices().stream()
                        .filter(score -> score.panel().equals("induction"))
                        .findFirst()
                        .orElseThrow()));
        TestBench.waitFor(() -> model.grid().numberedProperty().get());
        SaveMenu save = new SaveMenu(robot, table, folder);
        assertThat(save.panel("score-menu", org.headscope.analysis.result.HeadGrid.class)
                        .grid()
                        .at(1, 2))
                .isCloseTo(model.grid().values().get(1, 2), within(1e-6))
                .isCloseTo(1, within(1e-5));

        click(robot, 1, 2);
        TestBench.waitFor(() -> !model.receipts().isEmpty());
        Result prediction = save.result("prediction-menu");
        Table top = (Table) prediction.panels().get(0);
        assertThat(top.rows()).allSatisfy(row -> {
            assertThat(row.get(0)).isEqualTo(IDS.length - 1L);
            assertThat((Double) row.get(5)).isCloseTo(after(((Long) row.get(3)).intValue()), within(1e-6));
        });
        assertThat(prediction.receipts()).singleElement().satisfies(receipt -> assertThat(receipt.fired())
                .isEqualTo(1));
    }

    @Test
    void savedUnderAMeanTheRunTakesItOverTheSamePromptAndTheCommandSaysSo(FxRobot robot, @TempDir Path folder) {
        ask(robot);
        robot.interact(() -> model.modeProperty().set(Mode.MEAN));
        click(robot, 1, 2);
        TestBench.waitFor(() -> !model.receipts().isEmpty());
        double masked = after(FOLLOWER);
        assertThat(masked).isLessThan(0.9);

        SaveMenu save = new SaveMenu(robot, table, folder);
        Result prediction = save.result("prediction-menu");
        Table top = (Table) prediction.panels().get(0);
        assertThat(top.rows())
                .filteredOn(row -> row.get(3).equals((long) FOLLOWER))
                .singleElement()
                .satisfies(row -> assertThat((Double) row.get(5)).isCloseTo(masked, within(1e-6)));
        assertThat(prediction.provenance().numerics().maskMode()).contains("mean", PROMPT);

        save.choose("prediction-menu", "copy-call");
        robot.interact(() -> assertThat(Clipboard.getSystemClipboard().getString())
                .endsWith(" --mask mask.json --mean-over " + PROMPT));
    }

    @Test
    void resampledPartsWaitForAPromptAgainWhenItIsTakenAway(FxRobot robot) {
        ask(robot);
        robot.interact(() -> {
            model.resampleProperty().set("ids:0,1,2,3,4,5");
            model.modeProperty().set(Mode.RESAMPLE);
        });
        click(robot, 1, 2);
        TestBench.waitFor(() -> !model.receipts().isEmpty());
        robot.interact(() -> model.resampleProperty().set(""));
        TestBench.waitFor(() -> !model.maskErrorProperty().get().isEmpty());
        assertThat(model.maskErrorProperty().get()).contains("1.2", "resample");
    }

    @Test
    void draggedGateMovesThePredictionAllTheWay(FxRobot robot) {
        ask(robot);
        robot.interact(() -> model.modeProperty().set(Mode.GATE));
        click(robot, 1, 2);
        TestBench.waitFor(() -> !model.receipts().isEmpty());
        Slider slider = robot.lookup("#gate").queryAs(Slider.class);
        Point2D from = slider.localToScreen(slider.getWidth() / 2, slider.getHeight() / 2);
        robot.moveTo(from)
                .press(MouseButton.PRIMARY)
                .moveTo(from.add(-60, 0))
                .moveTo(from.add(-120, 0))
                .release(MouseButton.PRIMARY);
        double gate = model.gateProperty().get();
        TestBench.waitFor(() -> Math.abs(after(FOLLOWER) - oracle(new Ablation.Gate(gate))) < 1e-6);

        assertThat(gate).isStrictlyBetween(0.0, 0.45);
        assertThat(table.bench.maskProperty().get())
                .isEqualTo(HeadMask.none(table.bench.maskProperty().get().shape())
                        .with(MaskUnit.head(1, 2), MaskSetting.gate(gate)));
    }

    @Test
    void wrongIdIsExplainedAndThePredictionStays(FxRobot robot) {
        ask(robot);
        robot.interact(() -> table.bench.promptProperty().set("ids:0,1,99"));
        TestBench.waitFor(() -> !table.bench.promptErrorProperty().get().isEmpty());

        assertThat(table.bench.promptErrorProperty().get()).contains("99", "vocabulary of 0 to 31");
        assertThat(table.bench.tokens().tokensProperty().get()).hasSize(IDS.length);
        assertThat(model.predictions().get(0).id()).isEqualTo(FOLLOWER);
    }

    @Test
    void resampleFromAnotherLengthIsExplainedAndTheReceiptsStay(FxRobot robot) {
        ask(robot);
        click(robot, 1, 2);
        TestBench.waitFor(() -> !model.receipts().isEmpty());
        robot.interact(() -> {
            model.resampleProperty().set("ids:0,1");
            model.modeProperty().set(Mode.RESAMPLE);
        });
        TestBench.waitFor(() -> !model.maskErrorProperty().get().isEmpty());

        assertThat(model.maskErrorProperty().get()).contains("2 tokens", "6");
        assertThat(model.receipts()).hasSize(1);
    }

    @Test
    void clickedCandidateIsFollowedBeforeAndUnderTheMask(FxRobot robot) {
        ask(robot);
        click(robot, 1, 2);
        TestBench.waitFor(() -> !model.receipts().isEmpty());
        robot.interact(() -> robot.lookup("#predictions")
                .queryTableView()
                .getSelectionModel()
                .select(0));

        // The follower has logit 10, all others 0; without the head all are 0.
        assertThat(text(robot, "#followed"))
                .contains("“2”", Ticks.format(oracle(null)) + " → ", "Logit above", ": 10 → 0, change −10.");
    }

    @Test
    void keyLMasksAWholeLayerAndAModeForItsSelectionHoldsForAllOfIt(FxRobot robot) {
        ask(robot);
        robot.interact(grid(robot)::requestFocus);
        robot.type(KeyCode.DOWN, KeyCode.DOWN, KeyCode.L);
        assertThat(table.bench.maskProperty().get().entries().values())
                .hasSize(4)
                .containsOnly(MaskSetting.ZERO);

        robot.press(KeyCode.SHIFT).type(KeyCode.END).release(KeyCode.SHIFT);
        robot.interact(() -> model.modeProperty().set(Mode.UNIFORM));
        assertThat(table.bench.maskProperty().get().entries()).hasSize(4).allSatisfy((unit, setting) -> {
            assertThat(unit.layer()).isEqualTo(1);
            assertThat(setting).isEqualTo(MaskSetting.of(Mode.UNIFORM));
        });
    }

    @Test
    void gateMovesByKeys(FxRobot robot) {
        ask(robot);
        robot.interact(() -> model.modeProperty().set(Mode.GATE));
        click(robot, 1, 2);
        robot.interact(() -> robot.lookup("#gate").query().requestFocus());
        robot.type(KeyCode.LEFT, KeyCode.LEFT);
        double gate = model.gateProperty().get();
        TestBench.waitFor(() -> Math.abs(after(FOLLOWER) - oracle(new Ablation.Gate(gate))) < 1e-6);

        assertThat(gate).isCloseTo(0.4, within(1e-9));
    }

    @Test
    void answerUnderAnotherMaskIsOnTheScreenInTheBlinkOfAnEye(FxRobot robot) {
        robot.interact(() -> {
            table.bench.promptProperty().set("When Mary and John went to the park, John gave the book to");
            table.bench.open(Assets.locate().file("models/world-6l"));
        });
        TestBench.waitFor(() -> table.bench.modelProperty().get().name().equals("world-6l")
                && !model.predictions().isEmpty()
                && model.predictions().get(0).text().equals(" Mary"));
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            millis.add(toggle(robot, new GridCell(0, 4)));
        }
        List<Double> warm = millis.subList(6, 16).stream().sorted().toList();

        // The typical time is what people feel; other programs may be using the machine, so the best ones are asked.
        assertThat(warm.get(2)).as("milliseconds, sorted: %s", warm).isLessThan(150);
    }

    /** Milliseconds from a change of the mask to the layout of the frame that shows the answer. */
    private double toggle(FxRobot robot, GridCell head) {
        long[] times = new long[2];
        boolean[] answered = new boolean[1];
        InvalidationListener answer = rows -> answered[0] = true;
        Runnable frame = () -> {
            if (answered[0] && times[1] == 0) {
                times[1] = System.nanoTime();
            }
        };
        robot.interact(() -> {
            model.predictions().addListener(answer);
            stage.getScene().addPostLayoutPulseListener(frame);
            times[0] = System.nanoTime();
            model.grid().toggle(List.of(head));
        });
        TestBench.waitFor(() -> times[1] != 0);
        robot.interact(() -> {
            model.predictions().removeListener(answer);
            stage.getScene().removePostLayoutPulseListener(frame);
        });
        return (times[1] - times[0]) / 1e6;
    }

    private static String text(FxRobot robot, String query) {
        return robot.lookup(query).queryAs(Label.class).getText();
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        ask(robot);
        robot.interact(() -> model.modeProperty().set(Mode.GATE));
        click(robot, 1, 2);
        robot.interact(() -> model.gateProperty().set(0.4));
        TestBench.waitFor(() -> Math.abs(after(FOLLOWER) - oracle(new Ablation.Gate(0.4))) < 1e-6);
        Screenshots.take(stage.getScene(), "explore-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "explore-dark");
        robot.interact(() -> table.bench.promptProperty().set("ids:0,1,99"));
        TestBench.waitFor(() -> !table.bench.promptErrorProperty().get().isEmpty());
        Screenshots.take(stage.getScene(), "explore-error-dark");
    }

    private void type(FxRobot robot, String prompt) {
        robot.clickOn("#prompt").write(prompt);
        waitForPrediction();
    }

    /** The robot takes its time for every key. */
    private void ask(FxRobot robot) {
        robot.interact(() -> table.bench.promptProperty().set(PROMPT));
        waitForPrediction();
    }

    private void waitForPrediction() {
        TestBench.waitFor(() -> !model.predictions().isEmpty()
                && table.bench.runProperty().get().tokens().ids().size() == IDS.length);
    }

    private void click(FxRobot robot, int layer, int head) {
        HeadGrid grid = grid(robot);
        robot.clickOn(grid.localToScreen(grid.centreOf(new GridCell(layer, head))));
    }

    private static HeadGrid grid(FxRobot robot) {
        return robot.lookup("#heads").queryAs(HeadGrid.class);
    }

    private double after(int id) {
        return model.predictions().stream()
                .filter(row -> row.id() == id)
                .findFirst()
                .orElseThrow()
                .after();
    }

    /** The probability of the follower from a plain run of a model of its own. */
    private static double oracle(@Nullable Ablation how) {
        try (HookedTransformer own = InductionModel.create();
                RunResult run = own.run(RunRequest.of(TokenBatch.of(IDS))
                        .edits(
                                how == null
                                        ? List.of()
                                        : new Interventions(own.config())
                                                .compile(List.of(new Intervention.Ablate(new Target.Head(1, 2), how))))
                        .lastLogits()
                        .build())) {
            float[] logits = run.logits().toFloatArray();
            double sum = 0;
            for (float logit : logits) {
                sum += Math.exp(logit);
            }
            return Math.exp(logits[FOLLOWER]) / sum;
        }
    }
}
