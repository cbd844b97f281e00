package org.headscope.app.lensview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.TableView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.reading.LensTable;
import org.headscope.analysis.reading.LogitLens;
import org.headscope.analysis.reading.TrainedLens;
import org.headscope.analysis.reading.TunedLens;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.LayerPositionGrid;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.app.control.curve.CurveLine;
import org.headscope.app.control.curve.CurvePlot;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.HeatMap;
import org.headscope.app.control.grid.HeatMapModel;
import org.headscope.app.files.Assets;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.SaveMenu;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** Token 1 was followed by 2; head 1.2 finds that, so the last row says 2 and the rows before it do not. */
@GuiTest
@Tag("engine")
class LensGuiTest {
    private static final int[] IDS = {0, 1, 2, 3, 4, 1};
    private static final String PROMPT = "ids:0,1,2,3,4,1";

    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final LensViewModel model = new LensViewModel(table.bench);
    private final HeatMapModel map = model.picture().map();
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new LensView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1040, 740);
        table.showInductionModel();
        table.bench.promptProperty().set(PROMPT);
    }

    @AfterEach
    void close() {
        table.close();
        assertThat(table.failures).isEmpty();
    }

    @Test
    void lastRowIsWhatTheModelSaysAndEveryCellWhatTheAnalysisFinds(FxRobot robot) {
        read();
        double[] said = plain(List.of());
        LensTable.Cell last = last();

        assertThat(last.likeliest().get(0).id()).isEqualTo(2);
        for (LensTable.Said one : last.likeliest()) {
            assertThat(one.probability()).isCloseTo(said[one.id()], within(1e-6));
        }
        assertThatMapIs(LogitLens.LIKELIEST, Function.identity());
        robot.interact(() -> model.picture().shadeProperty().set(Shade.ENTROPY));
        assertThatMapIs(LogitLens.ENTROPY, Function.identity());
        robot.interact(() -> model.picture().shadeProperty().set(Shade.DIVERGENCE));
        assertThatMapIs(LogitLens.DIVERGENCE, Function.identity());
        robot.interact(() -> model.picture().shadeProperty().set(Shade.RANK));
        assertThatMapIs(LogitLens.RANK, Math::log10);
        robot.interact(() -> model.picture().shadeProperty().set(Shade.TARGET));
        assertThatMapIs(LogitLens.PROBABILITY, Function.identity());
    }

    @Test
    void clickPinsACellAndTheCurveFollowsTheTokenLookedForOverLayers(FxRobot robot) {
        read();
        HeatMap view = robot.lookup("#layers").queryAs(HeatMap.class);
        robot.clickOn(view.localToScreen(view.centreOf(new GridCell(1, 5))));

        assertThat(robot.lookup("#where").queryAs(Label.class).getText()).startsWith("Pinned: after 0, position 5");
        LensTable now = Objects.requireNonNull(model.picture().tableProperty().get());
        assertThat(robot.lookup("#likeliest").queryAs(TableView.class).getItems())
                .isEqualTo(now.at(1, 5).likeliest());
        CurveLine line = model.picture().curve().lineProperty().get();
        assertThat(line.y())
                .containsExactlyElementsOf(IntStream.range(0, 3)
                        .mapToObj(row -> now.at(row, 5).target().probability())
                        .toList());
        assertThat(line.y().get(2)).isGreaterThan(0.99);
        assertThat(line.y().get(1)).isLessThan(0.1);

        CurvePlot curve = robot.lookup("#over-layers").queryAs(CurvePlot.class);
        robot.clickOn(curve.localToScreen(new Point2D(curve.screenX(2), 40)));
        assertThat(map.cursorProperty().get()).isEqualTo(new GridCell(2, 5));
        robot.clickOn(view.localToScreen(view.centreOf(new GridCell(1, 5)))).type(KeyCode.UP);
        assertThat(map.cursorProperty().get()).isEqualTo(new GridCell(0, 5));
        assertThat(map.describe(new GridCell(2, 5)).lines().toList()).hasSize(8);
    }

    @Test
    void tokenThatIsTypedIsLookedForAndABadOneIsExplained(FxRobot robot) {
        read();
        robot.clickOn("#token").write("ids:7");
        TestBench.waitFor(() -> last().target().id() == 7);
        assertThat(last().target().probability()).isCloseTo(plain(List.of())[7], within(1e-7));

        robot.write("777");
        TestBench.waitFor(() -> !model.errorProperty().get().isEmpty());
        assertThat(model.errorProperty().get()).contains("7777", "31");
        assertThat(last().target().id()).isEqualTo(7);
        assertThat(model.call().orElseThrow().texts())
                .as("what is in sight is taken, not what was typed since")
                .containsEntry("answer", "ids:7");
        robot.clickOn("#look-for-own");
        TestBench.waitFor(() -> last().target().id() == 2);
    }

    @Test
    void whatIsSeenIsSavedAsTheAnalysisFindsIt(FxRobot robot, @TempDir Path folder) throws IOException {
        read();
        SaveMenu save = new SaveMenu(robot, table, folder);
        for (Shade shade : List.of(Shade.PROBABILITY, Shade.ENTROPY)) {
            robot.interact(() -> model.picture().shadeProperty().set(shade));
            LayerPositionGrid saved = save.panel("layers-menu", LayerPositionGrid.class);
            for (int row = 0; row < 3; row++) {
                for (int position = 0; position < IDS.length; position++) {
                    assertThat(saved.grid().at(row, position))
                            .isCloseTo(map.values().get(row, position), within(1e-6));
                }
            }
            Files.delete(folder.resolve("layers-menu.json"));
        }
        Curve curve = save.panel("over-layers-menu", Curve.class);
        assertThat(curve.lines().get(0).y())
                .isEqualTo(model.picture().curve().lineProperty().get().y());
        save.choose("layers-menu", "copy-call");
        String command = WaitForAsyncUtils.waitForAsyncFx(
                5000, () -> Clipboard.getSystemClipboard().getString());
        assertThat(command).startsWith("headscope run logit-lens ").contains("--prompt " + PROMPT);
    }

    @Test
    void maskHoldsInTheLensAndIsNamed(FxRobot robot) {
        read();
        robot.interact(() -> table.bench
                .maskProperty()
                .set(HeadMask.none(Objects.requireNonNull(
                                        table.bench.modelProperty().get())
                                .maskShape())
                        .with(MaskUnit.head(1, 2), MaskSetting.ZERO)));
        TestBench.waitFor(() ->
                last().likeliest().get(0).id() != 2 || last().likeliest().get(0).probability() < 0.5);

        double[] said = plain(List.of(new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Zero())));
        assertThat(last().likeliest().get(0).probability())
                .isCloseTo(said[last().likeliest().get(0).id()], within(1e-6));
        assertThat(robot.lookup("#mask-holds").queryAs(Label.class).getText()).contains("1 masked part");
    }

    @Test
    void ofALongPromptThePositionsThatCanBeReadAreSeenAndTheBarLeadsToTheOthers(FxRobot robot) {
        read();
        List<Integer> ids = new ArrayList<>(List.of(0));
        IntStream.range(0, 59).forEach(i -> ids.add(1 + i % 30));
        robot.interact(() -> table.bench
                .promptProperty()
                .set("ids:" + ids.stream().map(String::valueOf).collect(Collectors.joining(","))));
        TestBench.waitFor(() -> map.values().columns() == 60);

        assertThat(map.windowProperty().get().columns()).isBetween(4, 20);
        assertThat(map.windowProperty().get().contains(new GridCell(2, 59))).isTrue();
        ScrollBar bar = robot.lookup("#positions").queryAs(ScrollBar.class);
        assertThat(bar.isVisible()).isTrue();
        robot.interact(() -> bar.setValue(0));
        assertThat(map.windowProperty().get().firstColumn()).isZero();
    }

    @Test
    void tunedLensIsTrainedOnceForTwoPromptsAndReadsAsTheAnalysisDoes(FxRobot robot) {
        read();
        robot.interact(() -> {
            model.trainTextProperty().set(text());
            model.kindProperty().set(LensKind.TUNED);
        });
        assertThat(model.picture().tableProperty().get()).isNull();
        robot.clickOn("#train");
        TestBench.waitFor(() -> model.picture().tableProperty().get() != null
                || !model.trainer().errorProperty().get().isEmpty()
                || !model.errorProperty().get().isEmpty());
        assertThat(model.trainer().errorProperty().get() + model.errorProperty().get())
                .isEmpty();
        TrainedLens first = model.lensProperty().get();
        assertThat(robot.lookup("#quality").queryAs(Label.class).getText()).contains("bits");
        assertThat(first).isNotNull();
        LensTable shown = Objects.requireNonNull(model.picture().tableProperty().get());
        LensTable direct = direct();
        for (int i = 0; i < shown.cells().size(); i++) {
            assertThat(shown.cells().get(i).divergence())
                    .isCloseTo(direct.cells().get(i).divergence(), within(1e-5));
        }

        robot.interact(() -> table.bench.promptProperty().set("ids:0,9,8,7,9"));
        TestBench.waitFor(() -> map.values().columns() == 5);
        assertThat(model.lensProperty().get()).isSameAs(first);
        robot.interact(() -> model.kindProperty().set(LensKind.LOGIT));
        robot.interact(() -> model.kindProperty().set(LensKind.TUNED));
        assertThat(model.lensProperty().get()).isSameAs(first);
        robot.interact(() -> table.bench.seedProperty().set(5));
        assertThat(model.untrainedProperty().get())
                .as("another seed draws another order")
                .isTrue();
    }

    @Test
    void whileNobodyLooksNothingIsReadAndAShorterPromptIsReadWhenSomebodyDoes(FxRobot robot) {
        read();
        robot.interact(() -> {
            model.watch(false);
            table.bench.promptProperty().set("ids:0,9,8,9");
        });
        TestBench.waitFor(() -> table.bench.tokens().tokensProperty().get().size() == 4);
        assertThat(map.values().columns()).isEqualTo(IDS.length);
        robot.interact(() -> model.watch(true));
        TestBench.waitFor(() -> map.values().columns() == 4);
        assertThat(last().likeliest().get(0).id()).isEqualTo(8);
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        read();
        robot.interact(() -> {
            table.bench.promptProperty().set("");
            table.bench.open(Assets.locate().root().resolve("models/world-6l"));
        });
        TestBench.waitFor(() -> map.values().rows() == 7);
        robot.interact(
                () -> map.cursorProperty().set(new GridCell(3, map.values().columns() - 1)));
        Screenshots.take(stage.getScene(), "lens-light");
        robot.interact(() -> {
            themes.themeProperty().set(Theme.DARK);
            model.picture().shadeProperty().set(Shade.DIVERGENCE);
        });
        Screenshots.take(stage.getScene(), "lens-dark");
        robot.interact(() -> model.kindProperty().set(LensKind.TUNED));
        Screenshots.take(stage.getScene(), "lens-untrained-dark");
        assertThat(model.untrainedProperty().get()).isTrue();
    }

    private static String text() {
        return "ids:"
                + IntStream.range(0, 260)
                        .mapToObj(i -> String.valueOf(1 + (i * 7 + i / 31) % 31))
                        .collect(Collectors.joining(","));
    }

    private static LensTable direct() {
        try (HookedTransformer plain = InductionModel.create()) {
            var context = Session.of(plain).context(SweepJournal.none());
            var how = ParameterBinder.of(TunedLens.Parameters.class).bind(Map.of("prompt", PROMPT, "text", text()));
            try (TrainedLens lens = TrainedLens.train(context, how, Progress.none())) {
                return LensTable.read(context, Prompt.parse(PROMPT), null, lens, Progress.none());
            }
        }
    }

    private void read() {
        TestBench.waitFor(() -> map.values().columns() == IDS.length);
    }

    private LensTable.Cell last() {
        LensTable now = Objects.requireNonNull(model.picture().tableProperty().get());
        return now.at(now.rows().size() - 1, now.tokens().size() - 1);
    }

    private void assertThatMapIs(String title, Function<Double, Double> shown) {
        try (HookedTransformer plain = InductionModel.create()) {
            var context = Session.of(plain).context(SweepJournal.none());
            var parameters = new LogitLens.Parameters(Prompt.parse(PROMPT), null, true);
            GridPanel panel = new LogitLens()
                    .run(context, parameters, Progress.none()).panels().stream()
                            .filter(one -> one.title().equals(title))
                            .map(GridPanel.class::cast)
                            .findFirst()
                            .orElseThrow();
            for (int row = 0; row < 3; row++) {
                for (int position = 0; position < IDS.length; position++) {
                    assertThat((double) map.values().get(row, position))
                            .as("%s at %d, %d", title, row, position)
                            .isCloseTo(shown.apply(panel.grid().at(row, position)), within(1e-4));
                }
            }
        }
    }

    /** Probabilities of the next token by a plain run. */
    private static double[] plain(List<Intervention> standing) {
        try (HookedTransformer plain = InductionModel.create()) {
            RunRequest request = RunRequest.of(TokenBatch.of(IDS))
                    .edits(new Interventions(plain.config()).compile(standing))
                    .lastLogits()
                    .build();
            try (RunResult result = plain.run(request)) {
                float[] logits = result.logits().toFloatArray();
                double sum = 0;
                for (float logit : logits) {
                    sum += Math.exp(logit);
                }
                double[] probabilities = new double[logits.length];
                for (int i = 0; i < logits.length; i++) {
                    probabilities[i] = Math.exp(logits[i]) / sum;
                }
                return probabilities;
            }
        }
    }
}
