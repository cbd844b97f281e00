package org.headscope.app.attributeview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.TokenSeries;
import org.headscope.app.control.token.TokenShades;
import org.headscope.app.control.token.TokenStrip;
import org.headscope.app.control.waterfall.Waterfall;
import org.headscope.app.control.waterfall.WaterfallRow;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.SaveMenu;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** The induction head 1.2 alone writes the prediction: ten logits, from the token that followed the last time. */
@GuiTest
@Tag("engine")
class AttributeGuiTest {
    /** Token 1 was followed by 2, at position 2; now 1 comes again. */
    private static final String PROMPT = "ids:0,1,2,3,4,1";

    private static final int LAST = 5;
    private static final int FOLLOWER = 2;

    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final AttributeViewModel model = new AttributeViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new AttributeView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1060, 740);
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void thePredictionIsTakenApartAsSoonAsThereIsOne(FxRobot robot) {
        showInduction(robot);
        assertThat(model.foundProperty().get().answer().id()).isEqualTo(FOLLOWER);
        assertThat(model.waterfall().total()).isCloseTo(InductionModel.LOGIT, within(1e-5));
        assertThat(model.foundProperty().get().actual()).isCloseTo(InductionModel.LOGIT, within(1e-5));
        assertThat((double) model.heads().values().get(1, 2)).isCloseTo(InductionModel.LOGIT, within(1e-5));
        assertThat((double) model.heads().values().get(0, 1)).isCloseTo(0, within(1e-5));
        assertThat(text(robot, "#check")).startsWith("Parts add up to 10; the model itself says 10;");
        assertThat(text(robot, "#asked")).contains("“2”", "after position 5, “1”");
    }

    @Test
    void layerOpensIntoHeadsAndItsBarLeadsToTheHead(FxRobot robot) {
        showInduction(robot);
        Waterfall chart = chart(robot);
        int steps = model.waterfall().stepsProperty().get().size();
        robot.interact(chart::requestFocus);
        robot.type(KeyCode.END, KeyCode.UP, KeyCode.ENTER);
        List<WaterfallRow> rows = model.waterfall().rowsProperty().get();
        assertThat(rows).hasSize(steps + 1 + 4);
        assertThat(chart.getAccessibleText()).contains("Layer 1: +10 logits", "4 parts");

        clickRow(robot, chart, steps + 2); // the third part: head 1.2
        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
        assertThat(text(robot, "#split")).startsWith("Head 1.2: 10 logits");
        robot.type(KeyCode.LEFT, KeyCode.LEFT);
        TestBench.waitFor(() -> model.waterfall().rowsProperty().get().size() == steps + 1);
    }

    @Test
    void sourcesOfTheInductionHeadAreTheTokenAfterTheEarlierOne(FxRobot robot) {
        showInduction(robot);
        robot.interact(() -> table.bench.headProperty().set(MaskUnit.head(1, 2)));
        TokenShades shades = model.sources().tokens().shadesProperty().get();
        double[] values = IntStream.range(0, LAST + 1).mapToDouble(shades::at).toArray();
        assertThat(shades.has(LAST + 1)).isFalse();
        assertThat(values[2]).isCloseTo(InductionModel.LOGIT, within(1e-5));
        assertThat(DoubleStream.of(values).sum())
                .isCloseTo(model.heads().values().get(1, 2), within(1e-5));
        assertThat(model.sources().tokens().describe(2)).endsWith(": 10");
        assertThat(text(robot, "#split-sum")).isEqualTo("Tokens add up to 10; the head adds 10");
    }

    @Test
    void numbersOfAllHeadsAreCopiedFromTheMenu(FxRobot robot) throws Exception {
        showInduction(robot);
        new SaveMenu(robot, table, Path.of("")).choose("heads-menu", "copy-table");
        TestBench.waitFor(
                () -> String.valueOf(Clipboard.getSystemClipboard().getString()).startsWith("layer \\ head\t0\t1"));
        String copied = WaitForAsyncUtils.waitForAsyncFx(
                5000, () -> Clipboard.getSystemClipboard().getString());
        String[] last = copied.lines().toList().get(2).split("\t");
        assertThat(Double.parseDouble(last[3])).isCloseTo(InductionModel.LOGIT, within(1e-5));
    }

    @Test
    void barsSourcesAndLensAreSavedAsTheyAreSeen(FxRobot robot, @TempDir Path folder) throws IOException {
        showInduction(robot);
        robot.interact(() -> table.bench.headProperty().set(MaskUnit.head(1, 2)));
        SaveMenu save = new SaveMenu(robot, table, folder);
        Table bars = save.panel("asked-menu", Table.class);
        List<WaterfallRow> rows = model.waterfall().rowsProperty().get();
        assertThat(bars.rows()).hasSameSizeAs(rows);
        assertThat((Double) bars.rows().get(rows.size() - 1).get(3)).isCloseTo(InductionModel.LOGIT, within(1e-5));
        assertThat(Files.readString(save.save("asked-menu", "svg"))).contains("Layer 1", "+10");

        TokenSeries sources = save.panel("split-menu", TokenSeries.class);
        assertThat(sources.grid().shape()).containsExactly(1, LAST + 1);
        assertThat(sources.grid().at(0, FOLLOWER)).isCloseTo(InductionModel.LOGIT, within(1e-5));

        Result lens = save.result("lens-menu");
        assertThat(lens.provenance().analysis()).isEqualTo("logit-lens-position");
        assertThat(((Table) lens.panels().get(0)).rows().get(2).get(1))
                .isEqualTo(model.lens().get(2).answer().probability());
    }

    @Test
    void lensShowsWhereTheAnswerArises(FxRobot robot) {
        showInduction(robot);
        double e = Math.exp(InductionModel.LOGIT);
        assertThat(model.lens()).extracting(LensRow::layer).containsExactly("0", "1", "final");
        assertThat(model.lens().get(2).answer().probability()).isCloseTo(e / (e + 31), within(1e-6));
        assertThat(model.lens().get(2).answer().rank()).isEqualTo(1);
        assertThat(model.lens().get(0).answer().probability()).isCloseTo(1 / 32.0, within(1e-6));
        assertThat(LensTable.likeliest(model.lens().get(2))).startsWith("2 ");
    }

    @Test
    void clickedTokenMovesThePositionAndTypedTokensAreTaken(FxRobot robot) {
        showInduction(robot);
        robot.interact(() -> table.bench.headProperty().set(MaskUnit.head(1, 2)));
        TokenStrip strip = robot.lookup("#tokens").queryAs(TokenStrip.class);
        Bounds chip = strip.boundsOf(3);
        robot.clickOn(strip.localToScreen(chip.getCenterX(), chip.getCenterY()));
        TestBench.waitFor(() -> model.askedProperty().get().contains("position 3"));
        assertThat(model.sources().tokens().tokensProperty().get()).hasSize(4);

        robot.interact(() -> table.bench.tokens().selectedProperty().set(LAST));
        robot.clickOn("#answer").write("ids:7");
        robot.clickOn("#foil").write("ids:2");
        TestBench.waitFor(
                () -> model.askedProperty().get().startsWith("Logit of “7” less that of “2” after position 5"));
        assertThat(model.waterfall().total()).isCloseTo(-InductionModel.LOGIT, within(1e-5));
        assertThat(model.lens().get(2).foil().rank()).isEqualTo(1);
    }

    @Test
    void wrongTokenIsExplainedAndTheOldAnswerStays(FxRobot robot) {
        showInduction(robot);
        robot.clickOn("#answer").write("ids:99");
        TestBench.waitFor(() -> !model.errorProperty().get().isEmpty());
        assertThat(model.errorProperty().get()).contains("99", "0 to 31");
        assertThat(model.waterfall().rowsProperty().get()).isNotEmpty();

        robot.clickOn("#answer").eraseText(6).write("ids:2");
        robot.clickOn("#foil").write("ids:2");
        TestBench.waitFor(() -> model.errorProperty().get().contains("the same token"));
    }

    @Test
    void maskTakesTheContributionAway(FxRobot robot) {
        showInduction(robot);
        robot.clickOn("#answer").write("ids:2");
        robot.clickOn("#foil").write("ids:5");
        robot.interact(() -> {
            table.bench.headProperty().set(MaskUnit.head(1, 2));
            table.bench
                    .maskProperty()
                    .set(table.bench.maskProperty().get().with(MaskUnit.head(1, 2), MaskSetting.ZERO));
        });
        TestBench.waitFor(() -> Math.abs(model.waterfall().total()) < 1e-5
                && model.foundProperty().get() != null);
        assertThat((double) model.heads().values().get(1, 2)).isCloseTo(0, within(1e-6));
        assertThat(text(robot, "#split-sum")).startsWith("The mask changes what this head writes");
    }

    @Test
    void runKeepsTheCommandsThatDoTheSame(FxRobot robot) {
        showInduction(robot);
        robot.clickOn("#run");
        TestBench.waitFor(() -> !model.run().runningProperty().get());
        assertThat(model.run().commandProperty().get().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("headscope run direct-logit-attribution ")
                                .contains("--position 5", "--answer ids:2"),
                        line -> assertThat(line)
                                .startsWith("headscope run logit-lens-position ")
                                .contains("--tokens ids:2,ids:"));
    }

    @Test
    void onTheBundledModelThePartsAddUpToThePlainForwardPass(FxRobot robot) throws Exception {
        robot.interact(() -> table.bench.open(ModelCatalog.standard().resolve(ModelCatalog.DEFAULT)));
        TestBench.waitFor(() -> model.foundProperty().get() != null);
        Attribution found = model.foundProperty().get();

        assertThat(found.answer().text()).isEqualTo(" Mary");
        assertThat(model.waterfall().total()).isCloseTo(plainDifference(found), within(1e-3));
        for (int layer = 0; layer < 6; layer++) {
            for (int head = 0; head < 8; head++) {
                int l = layer;
                int h = head;
                double sum = IntStream.range(0, found.seen().size())
                        .mapToDouble(source -> found.sources().at(l, source, h))
                        .sum();
                assertThat(sum).isCloseTo(found.heads().grid().at(l, h), within(1e-3));
            }
        }
        look(robot);
    }

    private void look(FxRobot robot) throws Exception {
        int steps = model.waterfall().stepsProperty().get().size();
        robot.interact(() -> {
            model.waterfall().toggle(steps - 1);
            table.bench.headProperty().set(MaskUnit.head(5, 3));
            chart(robot).requestFocus();
        });
        robot.type(KeyCode.DOWN);
        Screenshots.take(stage.getScene(), "attribute-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "attribute-dark");
    }

    private static double plainDifference(Attribution found) {
        int[] ids = found.question().run().tokens().ids().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        try (HookedTransformer own = ModelLoader.load(
                        Objects.requireNonNull(ModelCatalog.standard().resolve(ModelCatalog.DEFAULT)));
                RunResult run =
                        own.run(RunRequest.of(TokenBatch.of(ids)).lastLogits().build())) {
            float[] logits = run.logits().toFloatArray();
            return (double) logits[found.answer().id()] - logits[found.foil().id()];
        }
    }

    private void showInduction(FxRobot robot) {
        robot.interact(() -> {
            table.bench.promptProperty().set(PROMPT);
            table.showInductionModel();
        });
        TestBench.waitFor(() -> model.foundProperty().get() != null);
    }

    private static void clickRow(FxRobot robot, Waterfall chart, int row) {
        Bounds bounds = chart.boundsOf(row);
        Point2D at = chart.localToScreen(bounds.getCenterX(), bounds.getCenterY());
        robot.clickOn(at);
    }

    private static Waterfall chart(FxRobot robot) {
        return robot.lookup("#waterfall").queryAs(Waterfall.class);
    }

    private static String text(FxRobot robot, String id) {
        return robot.lookup(id).queryAs(Label.class).getText();
    }
}
