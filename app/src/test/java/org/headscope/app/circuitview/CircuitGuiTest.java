package org.headscope.app.circuitview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.edges.CircuitGrowth;
import org.headscope.analysis.edges.CircuitSizes;
import org.headscope.analysis.edges.CircuitStudy;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.app.control.curve.CurveLine;
import org.headscope.app.control.curve.CurvePlot;
import org.headscope.app.control.graph.FlowTable;
import org.headscope.app.control.graph.GraphFlow;
import org.headscope.app.control.graph.GraphPart;
import org.headscope.app.control.graph.GraphView;
import org.headscope.app.files.Assets;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.SaveMenu;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.handbuilt.InductionModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** One key of a sentence is missing in the corrupt prompt; the circuit of that are three edges, known by construction. */
@GuiTest
@Tag("engine")
class CircuitGuiTest {
    private static final String CLEAN = "ids:0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,1,2,3,4,5,6,7";
    private static final String CORRUPT = "ids:0,1,2,3,4,5,6,30,8,9,10,11,12,13,14,15,16,1,2,3,4,5,6,7";
    private static final Map<String, String> ASKED =
            Map.of("clean", CLEAN, "corrupt", CORRUPT, "answer", "ids:8", "foil", "ids:12");
    private static final GraphFlow THROUGH_K = new GraphFlow("a0.h1", "a1.h2", "k", Double.NaN);

    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final CircuitViewModel model = new CircuitViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new CircuitView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1040, 740);
        table.showInductionModel();
    }

    @AfterEach
    void close() {
        table.close();
        assertThat(table.failures).isEmpty();
    }

    @Test
    void runFindsTheThreeEdgesAndTheGraphDrawsThem(FxRobot robot) {
        run(robot);
        size(robot, 3);

        assertThat(view(robot).drawn()).isEqualTo(3);
        assertThat(model.circuit().graph().data().flows())
                .extracting(flow -> flow.from() + ">" + flow.to() + flow.input())
                .containsExactlyInAnyOrder("input>a0.h1v", "a0.h1>a1.h2k", "a1.h2>logits");
        measured();
        assertThat(robot.lookup("#faithfulness").queryAs(Label.class).getText()).startsWith("Faithfulness 1 ");
        assertThat(robot.lookup("#counts").queryAs(Label.class).getText())
                .isEqualTo("3 edges chosen, 3 after pruning, 2 heads");
    }

    @Test
    void edgesAndCurveLeaveByTheirMenus(FxRobot robot, @TempDir Path folder) throws Exception {
        run(robot);
        size(robot, 3);
        SaveMenu menus = new SaveMenu(robot, table, folder);
        menus.choose("circuit-menu", "copy-table");
        TestBench.waitFor(
                () -> String.valueOf(Clipboard.getSystemClipboard().getString()).contains("a0.h1\ta1.h2\tk"));
        String copied = WaitForAsyncUtils.waitForAsyncFx(
                5000, () -> Clipboard.getSystemClipboard().getString());
        assertThat(copied.lines()).hasSize(1 + 3);

        measured();
        Curve.Line saved = menus.panel("curve-menu", Curve.class).lines().get(0);
        CurveLine seen = model.circuit().curve().lineProperty().get();
        assertThat(saved.x()).isEqualTo(seen.x()).contains(3.0);
        assertThat(saved.y()).isEqualTo(seen.y());
    }

    @Test
    void nothingDoesNothingAllDoesAllAndEveryNumberBelongsToItsSize(FxRobot robot) {
        run(robot);
        Slider slider = robot.lookup("#size").queryAs(Slider.class);
        robot.interact(() -> slider.setValue(0));
        measured();
        assertThat(faithfulness()).isCloseTo(0, within(1e-6));
        robot.interact(() -> slider.setValue(1));
        measured();
        assertThat(faithfulness()).isCloseTo(1, within(1e-6));

        try (HookedTransformer direct = InductionModel.create();
                CircuitStudy study = study(direct)) {
            int unrun = 37;
            robot.interact(() -> {
                model.circuit().sizeProperty().set(unrun);
                assertThat(robot.lookup("#faithfulness").queryAs(Label.class).getText())
                        .as("no number of another size")
                        .isEqualTo("Faithfulness: computing…");
            });
            measured();
            assertThat(faithfulness())
                    .isCloseTo(study.measure(CircuitGrowth.GREEDY, unrun).faithfulness(), within(1e-6));
            assertThat(view(robot).drawn())
                    .isEqualTo(study.circuit(CircuitGrowth.GREEDY, unrun)
                            .graph()
                            .edges()
                            .size());
            robot.interact(() -> model.circuit().growthProperty().set(CircuitGrowth.TOP));
            measured();
            assertThat(faithfulness())
                    .isCloseTo(study.measure(CircuitGrowth.TOP, unrun).faithfulness(), within(1e-6));
            TestBench.waitFor(
                    () -> model.circuit().curve().lineProperty().get().x().size() > 9);
        }
    }

    @Test
    void clickOnTheInductionHeadLightsItsEdgeThroughTheKey(FxRobot robot) {
        run(robot);
        size(robot, 30);
        click(robot, "a1.h2");

        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
        assertThat(model.circuit().graph().lit())
                .anyMatch(flow -> flow.from().equals(THROUGH_K.from())
                        && flow.to().equals(THROUGH_K.to())
                        && flow.input().equals(THROUGH_K.input()))
                .allMatch(flow -> flow.from().equals("a1.h2") || flow.to().equals("a1.h2"));
        FlowTable rows = robot.lookup("#edges").queryAs(FlowTable.class);
        assertThat(rows.getSelectionModel().getSelectedItems())
                .containsExactlyInAnyOrderElementsOf(model.circuit().graph().lit());
        assertThat(view(robot).getAccessibleText()).contains("Head 1.2");

        robot.type(KeyCode.UP);
        assertThat(Objects.requireNonNull(model.circuit().graph().partProperty().get())
                        .kind())
                .isEqualTo(GraphPart.Kind.LOGITS);
        robot.type(KeyCode.ESCAPE);
        assertThat(model.circuit().graph().partProperty().get()).isNull();
        robot.interact(() -> table.bench.headProperty().set(MaskUnit.head(0, 1)));
        assertThat(Objects.requireNonNull(model.circuit().graph().partProperty().get())
                        .id())
                .isEqualTo("a0.h1");
    }

    @Test
    void edgeUnderTheMouseIsNamedAndARowPointsAtIt(FxRobot robot) {
        run(robot);
        size(robot, 3);
        GraphFlow key = model.circuit().graph().data().flows().stream()
                .filter(flow -> flow.input().equals("k"))
                .findFirst()
                .orElseThrow();
        Point2D on = Objects.requireNonNull(view(robot).pointOn(key));
        robot.moveTo(view(robot).localToScreen(on));

        assertThat(view(robot).hovered()).startsWith("Head 0.1 → Head 1.2 through its key: ");
        robot.clickOn(view(robot).localToScreen(on));
        assertThat(model.circuit().graph().flowProperty().get()).isEqualTo(key);
        FlowTable rows = robot.lookup("#edges").queryAs(FlowTable.class);
        assertThat(rows.getSelectionModel().getSelectedItem()).isEqualTo(key);
        robot.interact(() -> rows.getSelectionModel().clearAndSelect(0));
        assertThat(model.circuit().graph().flowProperty().get())
                .isEqualTo(rows.getItems().get(0));
    }

    @Test
    void numberThatIsTypedAndAPointOfTheCurveChooseTheSize(FxRobot robot) {
        run(robot);
        TextField field = robot.lookup("#size-field").queryAs(TextField.class);
        robot.doubleClickOn(field).write("12").type(KeyCode.ENTER);
        assertThat(model.circuit().sizeProperty().get()).isEqualTo(12);

        CurvePlot curve = robot.lookup("#curve").queryAs(CurvePlot.class);
        robot.clickOn(curve.localToScreen(new Point2D(curve.screenX(3), curve.getHeight() / 2)));
        assertThat(model.circuit().sizeProperty().get()).isEqualTo(3);
        robot.type(KeyCode.RIGHT);
        assertThat(model.circuit().sizeProperty().get()).isEqualTo(5);
        robot.clickOn(robot.lookup("#size").queryAs(Slider.class)).type(KeyCode.HOME, KeyCode.RIGHT);
        assertThat(model.circuit().sizeProperty().get()).isEqualTo(1);
    }

    @Test
    void headsOutsideAreMaskedAndUndoTakesItBack(FxRobot robot) {
        run(robot);
        size(robot, 3);
        HeadMask before = table.bench.maskProperty().get();
        robot.clickOn("#mask-outside");

        assertThat(Objects.requireNonNull(table.bench.maskProperty().get()).units(MaskUnit.Kind.HEAD))
                .containsExactlyElementsOf(IntStream.range(0, 8)
                        .mapToObj(i -> MaskUnit.head(i / 4, i % 4))
                        .filter(head -> !head.equals(MaskUnit.head(0, 1)) && !head.equals(MaskUnit.head(1, 2)))
                        .toList());
        assertThat(robot.lookup("#stale").query().isVisible()).isTrue();
        robot.clickOn("#mask-circuit");
        assertThat(Objects.requireNonNull(table.bench.maskProperty().get()).units(MaskUnit.Kind.HEAD))
                .containsExactly(MaskUnit.head(0, 1), MaskUnit.head(1, 2));
        robot.interact(() -> {
            table.bench.edits().undo();
            table.bench.edits().undo();
        });
        assertThat(table.bench.maskProperty().get()).isEqualTo(before);
        assertThat(robot.lookup("#stale").query().isVisible()).isFalse();
    }

    @Test
    void promptsThatDoNotFitAreExplainedAndNothingIsLost(FxRobot robot) {
        run(robot);
        robot.interact(() -> model.text("corrupt").set("ids:0,1,2"));
        robot.clickOn("#run");
        TestBench.waitFor(() -> !model.run().errorProperty().get().isEmpty());

        assertThat(model.run().errorProperty().get()).contains("equal numbers of tokens");
        assertThat(model.circuit().studyProperty().get()).isNotNull();
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        robot.interact(() -> table.bench.open(Assets.locate().root().resolve("models/world-6l")));
        TestBench.waitFor(() -> {
            OpenModel open = table.bench.modelProperty().get();
            return open != null && open.dims().layers() == 6;
        });
        robot.interact(() -> model.tasks()
                .chosenProperty()
                .set(model.tasks().all().stream()
                        .filter(task -> task.info().id().equals("ioi"))
                        .findFirst()
                        .orElseThrow()));
        robot.clickOn("#draw");
        TestBench.waitFor(() -> !model.text("foil").get().isEmpty());
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.circuit().measuredProperty().get() != null);
        Screenshots.take(stage.getScene(), "circuit-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        robot.interact(() -> model.circuit()
                .graph()
                .data()
                .part("m0")
                .ifPresent(model.circuit().graph()::point));
        Screenshots.take(stage.getScene(), "circuit-dark");
        assertThat(faithfulness()).isGreaterThanOrEqualTo(0.8);
    }

    private void run(FxRobot robot) {
        robot.interact(() -> ASKED.forEach((name, text) -> model.text(name).set(text)));
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.circuit().studyProperty().get() != null);
    }

    private void size(FxRobot robot, int size) {
        robot.interact(() -> model.circuit().sizeProperty().set(size));
        robot.interact(() -> view(robot).layout());
    }

    private void measured() {
        TestBench.waitFor(() -> model.circuit().measuredProperty().get() != null);
    }

    private double faithfulness() {
        return Objects.requireNonNull(model.circuit().measuredProperty().get()).faithfulness();
    }

    private static GraphView view(FxRobot robot) {
        return robot.lookup("#graph").queryAs(GraphView.class);
    }

    private static void click(FxRobot robot, String part) {
        robot.clickOn(view(robot).localToScreen(view(robot).centreOf(part)));
    }

    private static CircuitStudy study(HookedTransformer direct) {
        AnalysisContext context = Session.of(direct).context(SweepJournal.none());
        CircuitSizes.Parameters asked =
                ParameterBinder.of(CircuitSizes.Parameters.class).bind(ASKED);
        EdgeGraph all = new CircuitSizes()
                .run(context, asked, Progress.none()).panels().stream()
                        .filter(EdgeGraph.class::isInstance)
                        .map(EdgeGraph.class::cast)
                        .findFirst()
                        .orElseThrow();
        return CircuitStudy.of(context, asked, all, Progress.none());
    }
}
