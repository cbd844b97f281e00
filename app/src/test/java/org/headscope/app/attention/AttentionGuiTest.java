package org.headscope.app.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.input.KeyCode;
import org.headscope.analysis.mask.MaskUnit;
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
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.theme.Theme;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.handbuilt.SinkModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;

@GuiTest
@Tag("engine")
class AttentionGuiTest {
    @RegisterExtension
    final AttentionDesk desk = new AttentionDesk();

    @Test
    void arrowsLeadToTheInductionHeadWhichLooksAtTheFollower(FxRobot robot) {
        desk.waitForPattern("0.0");
        robot.interact(() -> robot.lookup("#attention-heads").query().requestFocus());
        robot.type(KeyCode.DOWN, KeyCode.RIGHT, KeyCode.RIGHT);
        desk.waitForPattern("1.2");

        assertThat((double) desk.model().map().values().get(5, 2)).isCloseTo(1.0, within(1e-6));
        assertThat((double) desk.model().map().values().get(5, 1)).isCloseTo(0.0, within(1e-6));
        assertThat(desk.bench().headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
    }

    @Test
    void pointingAtACellReadsItOut(FxRobot robot) {
        robot.interact(() -> desk.bench().headProperty().set(MaskUnit.head(1, 2)));
        desk.waitForPattern("1.2");
        GridView<?> map = robot.lookup("#pattern").queryAs(GridView.class);
        robot.moveTo(map.localToScreen(map.centreOf(new GridCell(5, 2))));
        TestBench.waitFor(() -> desk.model().map().hoveredProperty().get() != null);

        assertThat(desk.model().readOutProperty().get()).isEqualTo("Position 5 “1” looks at position 2 “2” with 1");
    }

    @Test
    void hoveredTokenColoursTheTokensItLooksAt(FxRobot robot) {
        desk.open(MaskUnit.head(1, 2), "1.2");
        robot.moveTo(token(robot, 5));
        TestBench.waitFor(this::coloured);

        assertThat(shades().at(2)).isCloseTo(1.0, within(1e-6));
        assertThat(shades().at(0)).isCloseTo(0.0, within(1e-6));
        assertThat(desk.model().gaze().wordsProperty().get()).isEqualTo("Position 5 “1” looks at 2 “2” with 1.");
    }

    @Test
    void otherDirectionColoursTheTokensThatLookAtIt(FxRobot robot) {
        desk.open(MaskUnit.head(1, 2), "1.2");
        robot.clickOn("Is looked at by");
        robot.moveTo(token(robot, 2));
        TestBench.waitFor(this::coloured);

        assertThat(shades().at(5)).isCloseTo(1.0, within(1e-6));
        assertThat(shades().has(1))
                .as("an earlier token cannot look at a later one")
                .isFalse();
        assertThat(desk.model().gaze().wordsProperty().get()).contains("Position 2 “2” is looked at by 5 “1” with 1");
    }

    @Test
    void clickLocksATokenAndEscapeLetsItGo(FxRobot robot) {
        desk.open(MaskUnit.head(1, 2), "1.2");
        robot.clickOn(token(robot, 5));
        robot.moveTo(token(robot, 3));

        assertThat(desk.model().gaze().strip().lockedProperty().get()).isEqualTo(5);
        assertThat(shades().at(2)).isCloseTo(1.0, within(1e-6));

        robot.type(KeyCode.ESCAPE);
        assertThat(desk.model().gaze().strip().lockedProperty().get()).isEqualTo(TokenStripModel.NONE);
        assertThat(desk.model().gaze().wordsProperty().get()).startsWith("Position 3");
    }

    @Test
    void arrowKeysSelectATokenAndEnterLocksIt(FxRobot robot) {
        desk.open(MaskUnit.head(1, 2), "1.2");
        robot.interact(() -> robot.lookup("#tokens").query().requestFocus());
        robot.type(KeyCode.END, KeyCode.ENTER, KeyCode.LEFT);

        assertThat(desk.model().gaze().strip().lockedProperty().get()).isEqualTo(5);
        assertThat(shades().at(2)).isCloseTo(1.0, within(1e-6));
    }

    @Test
    void meanOfTheLayerIsThatOfItsHeads(FxRobot robot) {
        desk.open(MaskUnit.head(1, 2), "1.2");
        robot.clickOn("Mean of layer");
        TestBench.waitFor(() -> desk.model().titleProperty().get().equals("Mean attention of layer 1"));

        assertThat((double) desk.model().map().values().get(5, 2)).isCloseTo(0.25, within(1e-6));
        assertThat((double) desk.model().map().values().get(5, 0)).isCloseTo(0.75, within(1e-6));
    }

    @Test
    void leftOutSinkChangesColoursButNoNumber(FxRobot robot) {
        double weight = 3;
        robot.interact(() -> {
            desk.bench().promptProperty().set("ids:1,2,3,4,5");
            desk.bench().show(new OpenModel(SinkModel.create(weight)));
        });
        TestBench.waitFor(() -> desk.model().map().values().rows() == 5);
        float before = desk.model().map().values().get(4, 2);
        robot.clickOn("#hide-first");
        TestBench.waitFor(() -> desk.model().map().range().high() < 1);

        assertThat((double) before).isCloseTo(1 / (weight + 4), within(1e-6));
        assertThat(desk.model().map().values().get(4, 2)).isEqualTo(before);
        assertThat(desk.model().map().range().high()).isCloseTo(1 / (weight + 1), within(1e-6));
        assertThat(desk.model().map().windowProperty().get()).isEqualTo(new GridWindow(0, 5, 1, 4));
        double share =
                (weight / (weight + 1) + weight / (weight + 2) + weight / (weight + 3) + weight / (weight + 4)) / 4;
        assertThat(desk.model().firstProperty().get()).contains("is left out; it gets " + Ticks.format(share));

        robot.moveTo(token(robot, 4));
        TestBench.waitFor(this::coloured);
        assertThat(shades().has(0)).isFalse();
        assertThat(shades().at(2)).isCloseTo(1 / (weight + 4), within(1e-6));
    }

    @Test
    void allHeadsAreThereSmallAndEnterOpensOne(FxRobot robot) {
        desk.open(MaskUnit.head(0, 0), "0.0");
        robot.clickOn("All heads");
        TestBench.waitFor(() -> desk.model().progressProperty().get() == 1
                && desk.model().gallery().layer(1) != null);

        assertThat((double) layer(1).get(2).get(5, 2)).isCloseTo(1.0, within(1e-6));
        assertThat((double) layer(1).get(0).get(5, 0)).isCloseTo(1.0, within(1e-6));

        robot.interact(() -> robot.lookup("#gallery").query().requestFocus());
        robot.type(KeyCode.DOWN, KeyCode.RIGHT, KeyCode.RIGHT, KeyCode.ENTER);
        desk.waitForPattern("1.2");
        assertThat(desk.model().pageProperty().get()).isEqualTo(AttentionViewModel.Page.ONE);
    }

    @Test
    void clickOnASmallPatternOpensItsHead(FxRobot robot) {
        desk.open(MaskUnit.head(0, 0), "0.0");
        robot.clickOn("All heads");
        TestBench.waitFor(() -> desk.model().progressProperty().get() == 1
                && desk.model().gallery().layer(1) != null);
        robot.clickOn(robot.lookup("#gallery").queryAs(HeadGallery.class).centreOf(new GridCell(1, 2)));
        desk.waitForPattern("1.2");

        assertThat(desk.bench().headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
        assertThat(desk.model().pageProperty().get()).isEqualTo(AttentionViewModel.Page.ONE);
    }

    @Test
    void longPromptReadsOnlyTheHeadThatIsSeenAndMovesSmoothly(FxRobot robot) throws IOException {
        int length = 2048;
        Dims dims = new Dims(2, 4, 4, 32, 8, 64, length, 64);
        int[] ids = IntStream.range(0, length).map(i -> (i * 37 + i / 64) % 64).toArray();
        robot.interact(() -> {
            desk.bench().promptProperty().set(line(ids));
            desk.bench().show(new OpenModel(RandomModel.of(RandomModel.gpt2(dims), 3)));
        });
        TestBench.waitFor(() -> desk.model().map().values().rows() == length);

        // Causal: the first queries see what they see in a short prompt.
        GridValues seen = desk.model().map().values();
        float[] alone = pattern(dims, Arrays.copyOf(ids, 40));
        for (int query = 0; query < 40; query++) {
            for (int key = 0; key < 40; key++) {
                assertThat(seen.get(query, key)).isCloseTo(alone[query * 40 + key], within(1e-5f));
            }
        }
        robot.moveTo("#prompt").moveTo(token(robot, 9));
        TestBench.waitFor(this::coloured);
        assertThat(shades().at(4)).isEqualTo((double) seen.get(9, 4));
        Screenshots.take(desk.stage().getScene(), "attention-2048-light");
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
                    desk.model().map().showAll();
                } else {
                    desk.model().map().zoom(0.8, new GridCell(1000, 400));
                    desk.model().map().pan(step, -step);
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
        robot.interact(() -> desk.bench().open(Assets.locate().file("models/world-6l")));
        robot.interact(
                () -> desk.bench().promptProperty().set("When Mary and John went to the park, John gave the book to"));
        TestBench.waitFor(() -> desk.bench().modelProperty().get().name().equals("world-6l")
                && desk.model().map().values().rows() > 12);
        robot.interact(() -> desk.bench().headProperty().set(MaskUnit.head(5, 3)));
        desk.waitForPattern("5.3");
        robot.clickOn(token(robot, 14));
        pictures(robot, "attention");
        robot.clickOn("#hide-first");
        robot.clickOn("Mean of layer");
        TestBench.waitFor(() -> desk.model().titleProperty().get().equals("Mean attention of layer 5"));
        pictures(robot, "attention-mean");
        robot.clickOn("All heads");
        TestBench.waitFor(() -> desk.model().progressProperty().get() == 1
                && desk.model().gallery().layer(5) != null);
        pictures(robot, "attention-all");
    }

    private void pictures(FxRobot robot, String name) throws IOException {
        robot.interact(() -> desk.themes().themeProperty().set(Theme.LIGHT));
        Screenshots.take(desk.stage().getScene(), name + "-light");
        robot.interact(() -> desk.themes().themeProperty().set(Theme.DARK));
        Screenshots.take(desk.stage().getScene(), name + "-dark");
    }

    private TokenShades shades() {
        return Objects.requireNonNull(
                desk.model().gaze().strip().shadesProperty().get());
    }

    private boolean coloured() {
        return desk.model().gaze().strip().shadesProperty().get() != null;
    }

    private List<GridValues> layer(int layer) {
        return Objects.requireNonNull(desk.model().gallery().layer(layer));
    }

    private static Point2D token(FxRobot robot, int position) {
        TokenStrip strip = robot.lookup("#tokens").queryAs(TokenStrip.class);
        Bounds place = strip.boundsOf(position);
        return strip.localToScreen(place.getCenterX(), place.getCenterY());
    }
}
