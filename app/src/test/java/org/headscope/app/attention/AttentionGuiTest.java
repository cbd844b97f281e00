package org.headscope.app.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Result;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.GridView;
import org.headscope.app.control.grid.GridWindow;
import org.headscope.app.control.grid.HeadGallery;
import org.headscope.app.control.grid.HeatMap;
import org.headscope.app.control.token.TokenShades;
import org.headscope.app.control.token.TokenStrip;
import org.headscope.app.control.token.TokenStripModel;
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
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.handbuilt.SinkModel;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
@Tag("engine")
class AttentionGuiTest {
    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final AttentionViewModel model = new AttentionViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new AttentionView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1000, 740);
        table.bench.promptProperty().set("ids:0,1,2,3,4,1");
        table.showInductionModel();
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void arrowsLeadToTheInductionHeadWhichLooksAtTheFollower(FxRobot robot) {
        waitForPattern("0.0");
        robot.interact(() -> robot.lookup("#attention-heads").query().requestFocus());
        robot.type(KeyCode.DOWN, KeyCode.RIGHT, KeyCode.RIGHT);
        waitForPattern("1.2");

        assertThat((double) model.map().values().get(5, 2)).isCloseTo(1.0, within(1e-6));
        assertThat((double) model.map().values().get(5, 1)).isCloseTo(0.0, within(1e-6));
        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
    }

    @Test
    void pointingAtACellReadsItOut(FxRobot robot) {
        robot.interact(() -> table.bench.headProperty().set(MaskUnit.head(1, 2)));
        waitForPattern("1.2");
        GridView<?> map = robot.lookup("#pattern").queryAs(GridView.class);
        robot.moveTo(map.localToScreen(map.centreOf(new GridCell(5, 2))));
        TestBench.waitFor(() -> model.map().hoveredProperty().get() != null);

        assertThat(model.readOutProperty().get()).isEqualTo("Position 5 “1” looks at position 2 “2” with 1");
    }

    @Test
    void hoveredTokenColoursTheTokensItLooksAt(FxRobot robot) {
        open(MaskUnit.head(1, 2), "1.2");
        robot.moveTo(token(robot, 5));
        TestBench.waitFor(this::coloured);

        assertThat(shades().at(2)).isCloseTo(1.0, within(1e-6));
        assertThat(shades().at(0)).isCloseTo(0.0, within(1e-6));
        assertThat(model.gaze().wordsProperty().get()).isEqualTo("Position 5 “1” looks at 2 “2” with 1.");
    }

    @Test
    void otherDirectionColoursTheTokensThatLookAtIt(FxRobot robot) {
        open(MaskUnit.head(1, 2), "1.2");
        robot.clickOn("Is looked at by");
        robot.moveTo(token(robot, 2));
        TestBench.waitFor(this::coloured);

        assertThat(shades().at(5)).isCloseTo(1.0, within(1e-6));
        assertThat(shades().has(1))
                .as("an earlier token cannot look at a later one")
                .isFalse();
        assertThat(model.gaze().wordsProperty().get()).contains("Position 2 “2” is looked at by 5 “1” with 1");
    }

    @Test
    void clickLocksATokenAndEscapeLetsItGo(FxRobot robot) {
        open(MaskUnit.head(1, 2), "1.2");
        robot.clickOn(token(robot, 5));
        robot.moveTo(token(robot, 3));

        assertThat(model.gaze().strip().lockedProperty().get()).isEqualTo(5);
        assertThat(shades().at(2)).isCloseTo(1.0, within(1e-6));

        robot.type(KeyCode.ESCAPE);
        assertThat(model.gaze().strip().lockedProperty().get()).isEqualTo(TokenStripModel.NONE);
        assertThat(model.gaze().wordsProperty().get()).startsWith("Position 3");
    }

    @Test
    void arrowKeysSelectATokenAndEnterLocksIt(FxRobot robot) {
        open(MaskUnit.head(1, 2), "1.2");
        robot.interact(() -> robot.lookup("#tokens").query().requestFocus());
        robot.type(KeyCode.END, KeyCode.ENTER, KeyCode.LEFT);

        assertThat(model.gaze().strip().lockedProperty().get()).isEqualTo(5);
        assertThat(shades().at(2)).isCloseTo(1.0, within(1e-6));
    }

    @Test
    void meanOfTheLayerIsThatOfItsHeads(FxRobot robot) {
        open(MaskUnit.head(1, 2), "1.2");
        robot.clickOn("Mean of layer");
        TestBench.waitFor(() -> model.titleProperty().get().equals("Mean attention of layer 1"));

        assertThat((double) model.map().values().get(5, 2)).isCloseTo(0.25, within(1e-6));
        assertThat((double) model.map().values().get(5, 0)).isCloseTo(0.75, within(1e-6));
    }

    @Test
    void leftOutSinkChangesColoursButNoNumber(FxRobot robot) {
        double weight = 3;
        robot.interact(() -> {
            table.bench.promptProperty().set("ids:1,2,3,4,5");
            table.bench.show(new OpenModel(SinkModel.create(weight)));
        });
        TestBench.waitFor(() -> model.map().values().rows() == 5);
        float before = model.map().values().get(4, 2);
        robot.clickOn("#hide-first");
        TestBench.waitFor(() -> model.map().range().high() < 1);

        assertThat((double) before).isCloseTo(1 / (weight + 4), within(1e-6));
        assertThat(model.map().values().get(4, 2)).isEqualTo(before);
        assertThat(model.map().range().high()).isCloseTo(1 / (weight + 1), within(1e-6));
        assertThat(model.map().windowProperty().get()).isEqualTo(new GridWindow(0, 5, 1, 4));
        double share =
                (weight / (weight + 1) + weight / (weight + 2) + weight / (weight + 3) + weight / (weight + 4)) / 4;
        assertThat(model.firstProperty().get()).contains("is left out; it gets " + Ticks.format(share));

        robot.moveTo(token(robot, 4));
        TestBench.waitFor(this::coloured);
        assertThat(shades().has(0)).isFalse();
        assertThat(shades().at(2)).isCloseTo(1 / (weight + 4), within(1e-6));
    }

    @Test
    void patternUnderTheMaskIsThatOfTheMaskedModel(FxRobot robot) {
        open(MaskUnit.head(1, 2), "1.2");
        robot.interact(() -> table.bench
                .maskProperty()
                .set(HeadMask.none(table.bench.modelProperty().get().maskShape())
                        .with(MaskUnit.head(0, 1), MaskSetting.ZERO)));
        assertThat(model.conditionsProperty().get()).startsWith("Without the mask");
        robot.clickOn("#under-mask");
        TestBench.waitFor(() -> model.map().values().get(5, 2) < 0.9);

        // Without the previous-token head no key fits, so the induction head looks everywhere alike.
        assertThat((double) model.map().values().get(5, 2)).isCloseTo(1 / 6.0, within(1e-6));
        assertThat(model.conditionsProperty().get()).isEqualTo("Under the mask: 1 masked parts, mode zero.");
    }

    @Test
    void resampledPatternFollowsThePromptItTakesActivationsFrom(FxRobot robot, @TempDir Path folder) {
        open(MaskUnit.head(1, 2), "1.2");
        robot.interact(() -> {
            table.bench.resampleProperty().set("ids:0,5,6,7,8,1");
            table.bench
                    .maskProperty()
                    .set(HeadMask.none(table.bench.modelProperty().get().maskShape())
                            .with(MaskUnit.head(0, 1), MaskSetting.of(Mode.RESAMPLE)));
        });
        robot.clickOn("#under-mask");
        TestBench.waitFor(() -> model.map().values().get(5, 2) < 0.9);
        float elsewhere = model.map().values().get(5, 2);
        SaveMenu save = new SaveMenu(robot, table, folder);
        Result saved = save.result("pattern-menu");
        assertThat(((AttentionMap) saved.panels().get(0)).grid().at(5, 2)).isCloseTo(elsewhere, within(1e-6));
        assertThat(saved.provenance().numerics().maskMode()).endsWith("resampled from ids:0,5,6,7,8,1");

        robot.interact(() ->
                table.bench.resampleProperty().set(table.bench.promptProperty().get()));
        TestBench.waitFor(() -> model.map().values().get(5, 2) > 0.9);
        assertThat((double) model.map().values().get(5, 2)).isCloseTo(1, within(1e-6));
    }

    @Test
    void patternIsSavedAsItIsSeen(FxRobot robot, @TempDir Path folder) {
        open(MaskUnit.head(1, 2), "1.2");
        SaveMenu save = new SaveMenu(robot, table, folder);
        robot.clickOn("#hide-first");
        TestBench.waitFor(() -> model.map().leftOutProperty().get() == 1);
        AttentionMap pattern = save.panel("pattern-menu", AttentionMap.class);
        assertThat(pattern.grid().shape()).containsExactly(6, 6);
        assertThat(pattern.grid().at(3, 0)).as("left out").isNaN();
        for (int query = 0; query < 6; query++) {
            for (int key = 1; key < 6; key++) {
                assertThat(pattern.grid().at(query, key))
                        .isCloseTo(model.map().values().get(query, key), within(1e-6));
            }
        }
        robot.clickOn("#hide-first");
        robot.clickOn("All heads");
        TestBench.waitFor(
                () -> model.progressProperty().get() == 1 && model.gallery().layer(1) != null);
        Result all = save.result("gallery-menu");
        assertThat(((AttentionMap) all.panels().get(0)).grid().at(1, 2, 5, 2)).isCloseTo(1, within(1e-6));
    }

    @Test
    void allHeadsAreThereSmallAndEnterOpensOne(FxRobot robot) {
        open(MaskUnit.head(0, 0), "0.0");
        robot.clickOn("All heads");
        TestBench.waitFor(
                () -> model.progressProperty().get() == 1 && model.gallery().layer(1) != null);

        assertThat((double) layer(1).get(2).get(5, 2)).isCloseTo(1.0, within(1e-6));
        assertThat((double) layer(1).get(0).get(5, 0)).isCloseTo(1.0, within(1e-6));

        robot.interact(() -> robot.lookup("#gallery").query().requestFocus());
        robot.type(KeyCode.DOWN, KeyCode.RIGHT, KeyCode.RIGHT, KeyCode.ENTER);
        waitForPattern("1.2");
        assertThat(model.pageProperty().get()).isEqualTo(AttentionViewModel.Page.ONE);
    }

    @Test
    void clickOnASmallPatternOpensItsHead(FxRobot robot) {
        open(MaskUnit.head(0, 0), "0.0");
        robot.clickOn("All heads");
        TestBench.waitFor(
                () -> model.progressProperty().get() == 1 && model.gallery().layer(1) != null);
        robot.clickOn(robot.lookup("#gallery").queryAs(HeadGallery.class).centreOf(new GridCell(1, 2)));
        waitForPattern("1.2");

        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
        assertThat(model.pageProperty().get()).isEqualTo(AttentionViewModel.Page.ONE);
    }

    @Test
    void longPromptReadsOnlyTheHeadThatIsSeenAndMovesSmoothly(FxRobot robot) throws IOException {
        int length = 2048;
        Dims dims = new Dims(2, 4, 4, 32, 8, 64, length, 64);
        int[] ids = IntStream.range(0, length).map(i -> (i * 37 + i / 64) % 64).toArray();
        robot.interact(() -> {
            table.bench.promptProperty().set(line(ids));
            table.bench.show(new OpenModel(RandomModel.of(RandomModel.gpt2(dims), 3)));
        });
        TestBench.waitFor(() -> model.map().values().rows() == length);

        // Causal: the first queries see what they see in a short prompt.
        GridValues seen = model.map().values();
        float[] alone = pattern(dims, Arrays.copyOf(ids, 40));
        for (int query = 0; query < 40; query++) {
            for (int key = 0; key < 40; key++) {
                assertThat(seen.get(query, key)).isCloseTo(alone[query * 40 + key], within(1e-5f));
            }
        }
        robot.moveTo("#prompt").moveTo(token(robot, 9));
        TestBench.waitFor(this::coloured);
        assertThat(shades().at(4)).isEqualTo((double) seen.get(9, 4));
        Screenshots.take(stage.getScene(), "attention-2048-light");
        assertThat(redraw(robot)).as("milliseconds of zooming and panning").isLessThan(16);
    }

    /** The pattern of head 0.0 in a plain run. */
    private static float[] pattern(Dims dims, int[] ids) {
        HookSite site = HookSite.of(SiteKind.PATTERN, 0);
        try (HookedTransformer own = RandomModel.of(RandomModel.gpt2(dims), 3);
                RunResult run =
                        own.run(RunRequest.of(TokenBatch.of(ids)).capture(site).build())) {
            return run.cache().get(site).toFloatArray();
        }
    }

    /**
     * The work of drawing everything, which is the most there can be, between steps of zooming and panning. Other programs may be
     * using the machine, so the thread's own time is asked, and the quickest.
     */
    private double redraw(FxRobot robot) {
        HeatMap map = robot.lookup("#pattern").queryAs(HeatMap.class);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<Double> millis = new ArrayList<>();
        robot.interact(() -> {
            for (int step = 0; step < 40; step++) {
                long start = threads.getCurrentThreadCpuTime();
                boolean all = step % 2 == 0;
                if (all) {
                    model.map().showAll();
                } else {
                    model.map().zoom(0.8, new GridCell(1000, 400));
                    model.map().pan(step, -step);
                }
                map.layout();
                if (all) {
                    millis.add((threads.getCurrentThreadCpuTime() - start) / 1e6);
                }
            }
        });
        return Collections.min(millis);
    }

    private static String line(int[] ids) {
        return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(",", "ids:", ""));
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        robot.interact(() -> table.bench.open(Assets.locate().file("models/world-6l")));
        robot.interact(
                () -> table.bench.promptProperty().set("When Mary and John went to the park, John gave the book to"));
        TestBench.waitFor(() -> table.bench.modelProperty().get().name().equals("world-6l")
                && model.map().values().rows() > 12);
        robot.interact(() -> table.bench.headProperty().set(MaskUnit.head(5, 3)));
        waitForPattern("5.3");
        robot.clickOn(token(robot, 14));
        pictures(robot, "attention");
        robot.clickOn("#hide-first");
        robot.clickOn("Mean of layer");
        TestBench.waitFor(() -> model.titleProperty().get().equals("Mean attention of layer 5"));
        pictures(robot, "attention-mean");
        robot.clickOn("All heads");
        TestBench.waitFor(
                () -> model.progressProperty().get() == 1 && model.gallery().layer(5) != null);
        pictures(robot, "attention-all");
    }

    private void pictures(FxRobot robot, String name) throws IOException {
        robot.interact(() -> themes.themeProperty().set(Theme.LIGHT));
        Screenshots.take(stage.getScene(), name + "-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), name + "-dark");
    }

    private void open(MaskUnit head, String name) {
        waitForPattern("0.0");
        TestBench.waitFor(() -> {
            table.bench.headProperty().set(head);
            return model.titleProperty().get().endsWith(name);
        });
    }

    private TokenShades shades() {
        return Objects.requireNonNull(model.gaze().strip().shadesProperty().get());
    }

    private boolean coloured() {
        return model.gaze().strip().shadesProperty().get() != null;
    }

    private List<GridValues> layer(int layer) {
        return Objects.requireNonNull(model.gallery().layer(layer));
    }

    private static Point2D token(FxRobot robot, int position) {
        TokenStrip strip = robot.lookup("#tokens").queryAs(TokenStrip.class);
        Bounds place = strip.boundsOf(position);
        return strip.localToScreen(place.getCenterX(), place.getCenterY());
    }

    private void waitForPattern(String head) {
        TestBench.waitFor(() -> model.titleProperty().get().endsWith(head));
    }
}
