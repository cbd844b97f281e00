package org.headscope.app.control.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javafx.geometry.Insets;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import javafx.geometry.VerticalDirection;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.PickResult;
import javafx.scene.layout.StackPane;
import javafx.scene.paint.Color;
import javafx.stage.Stage;
import org.headscope.app.control.color.ColorMap;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
class HeatMapGuiTest {
    private static final List<String> TOKENS = Arrays.asList(
            "<|endoftext|>",
            "When",
            "·Mary",
            "·and",
            "·John",
            "·went",
            "·to",
            "·the",
            "·store",
            ",",
            "·John",
            "·gave",
            "·a",
            "·drink",
            "·to");
    private final HeatMapModel model = new HeatMapModel();
    private HeatMap map;
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        model.valuesProperty().set(GridSamples.heads(12, 15));
        model.rowTitleProperty().set("layer");
        model.columnTitleProperty().set("position");
        model.valueTitleProperty().set("logit difference recovered");
        model.columnLabels().setAll(TOKENS);
        map = new HeatMap(model);
        StackPane root = new StackPane(map);
        root.setPadding(new Insets(16));
        themes = Stages.show(stage, root, 760, 560);
    }

    @Test
    void cellThatIsGoneBeforeTheNextFrameIsNotUnderTheMouse(FxRobot robot) {
        Point2D last = map.centreOf(new GridCell(11, 14));
        Point2D first = map.centreOf(new GridCell(0, 0));
        robot.interact(() -> {
            model.valuesProperty().set(GridSamples.heads(2, 3));
            map.fireEvent(moved(first));
            assertThat(model.hoveredProperty().get()).isEqualTo(new GridCell(0, 0));
            map.fireEvent(moved(last));
            assertThat(model.hoveredProperty().get()).isNull();
        });
    }

    private MouseEvent moved(Point2D to) {
        Point2D screen = map.localToScreen(to);
        PickResult at = new PickResult(map, to.getX(), to.getY());
        return new MouseEvent(
                MouseEvent.MOUSE_MOVED,
                to.getX(),
                to.getY(),
                screen.getX(),
                screen.getY(),
                MouseButton.NONE,
                0,
                false,
                false,
                false,
                false,
                false,
                false,
                false,
                true,
                false,
                true,
                at);
    }

    @Test
    void clickTellsTheCell(FxRobot robot) {
        List<GridCell> chosen = new ArrayList<>();
        model.setOnCellChosen(chosen::add);

        robot.clickOn(centre(2, 14));

        assertThat(chosen).containsExactly(new GridCell(2, 14));
    }

    @Test
    void enterOnTheCursorTellsTheCell(FxRobot robot) {
        List<GridCell> chosen = new ArrayList<>();
        model.setOnCellChosen(chosen::add);
        robot.interact(map::requestFocus);

        robot.type(KeyCode.RIGHT, KeyCode.DOWN, KeyCode.RIGHT, KeyCode.ENTER);

        assertThat(chosen).containsExactly(new GridCell(1, 1));
    }

    @Test
    void cellHasTheColourOfItsNumber(FxRobot robot) {
        robot.interact(() -> model.valuesProperty().set(GridValues.of(new float[][] {{-2, 0}, {1, 2}})));

        assertThat(pixel(robot, 1, 1)).isEqualTo(color(ColorMap.DIVERGING, 1));
        assertThat(pixel(robot, 0, 1)).isEqualTo(color(ColorMap.DIVERGING, 0.5));
        assertThat(pixel(robot, 1, 0)).isEqualTo(color(ColorMap.DIVERGING, 0.75));
    }

    @Test
    void streamedCellAppears(FxRobot robot) {
        robot.interact(() -> model.valuesProperty().set(GridValues.missing(3, 3)));
        robot.interact(() -> model.setCell(1, 1, 4));

        assertThat(pixel(robot, 1, 1)).isEqualTo(color(ColorMap.DIVERGING, 1));
    }

    @Test
    void hoverNamesRowColumnTokenAndNumber(FxRobot robot) {
        robot.interact(() -> model.valuesProperty().set(GridValues.missing(12, 15)));
        robot.moveTo(centre(3, 4));

        GridCell hovered = model.hoveredProperty().get();
        assertThat(hovered).isEqualTo(new GridCell(3, 4));
        assertThat(model.describe(new GridCell(3, 4))).isEqualTo("layer 3, position 4 “·John”: not computed");
    }

    @Test
    void ctrlWheelLooksCloserAtTheCellUnderTheMouse(FxRobot robot) {
        robot.interact(() -> model.valuesProperty().set(GridSamples.attention(100)));
        robot.moveTo(centre(50, 50));
        robot.press(KeyCode.CONTROL);
        robot.scroll(3, VerticalDirection.UP);
        robot.release(KeyCode.CONTROL);

        GridWindow window = model.windowProperty().get();
        assertThat(window.rows()).isLessThan(100);
        assertThat(window.contains(new GridCell(50, 50))).isTrue();
    }

    @Test
    void draggingMovesTheCloseLook(FxRobot robot) {
        robot.interact(() -> {
            model.valuesProperty().set(GridSamples.attention(100));
            model.windowProperty().set(new GridWindow(40, 20, 40, 20));
        });
        robot.drag(centre(50, 50)).dropTo(centre(47, 45));

        assertThat(model.windowProperty().get()).isEqualTo(new GridWindow(43, 20, 45, 20));
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        Screenshots.take(stage.getScene(), "heat-map-patch-light");
        robot.interact(() -> {
            GridValues streaming = GridValues.missing(12, 15);
            model.valuesProperty().set(streaming);
            for (int i = 0; i < 100; i++) {
                model.setCell(i / 15, i % 15, GridSamples.heads(12, 15).get(i / 15, i % 15));
            }
            themes.themeProperty().set(Theme.DARK);
        });
        Screenshots.take(stage.getScene(), "heat-map-streaming-dark");
        robot.interact(() -> {
            model.scaleKindProperty().set(ScaleKind.SEQUENTIAL);
            model.squareProperty().set(true);
            model.rowTitleProperty().set("query");
            model.columnTitleProperty().set("key");
            model.valueTitleProperty().set("attention");
            model.rowLabels().setAll(TOKENS);
            model.valuesProperty().set(GridSamples.attention(15));
        });
        Screenshots.take(stage.getScene(), "heat-map-attention-dark");
        robot.interact(() -> {
            themes.themeProperty().set(Theme.LIGHT);
            List<String> many =
                    IntStream.range(0, 2048).mapToObj(i -> TOKENS.get(i % 15)).toList();
            model.rowLabels().setAll(many);
            model.columnLabels().setAll(many);
            model.valuesProperty().set(GridSamples.attention(2048));
        });
        Screenshots.take(stage.getScene(), "heat-map-attention-2048-light");
    }

    @Test
    void redrawOf2048By2048FitsAFrame(FxRobot robot) {
        robot.interact(() -> model.valuesProperty().set(GridSamples.attention(2048)));
        long[] best = {Long.MAX_VALUE};
        robot.interact(() -> {
            for (int i = 0; i < 25; i++) {
                long start = System.nanoTime();
                model.setCell(2000, 100, i);
                map.layout();
                best[0] = Math.min(best[0], System.nanoTime() - start);
            }
        });
        assertThat(best[0] / 1e6).as("milliseconds").isLessThan(16);
    }

    private Color pixel(FxRobot robot, int row, int column) {
        Point2D[] place = new Point2D[1];
        WritableImage[] picture = new WritableImage[1];
        robot.interact(() -> {
            Rectangle2D cell = map.geometry().bounds(new GridCell(row, column));
            place[0] = map.localToScene(cell.getMinX() + cell.getWidth() / 2, cell.getMinY() + cell.getHeight() / 2);
            picture[0] = stage.getScene().snapshot(null);
        });
        return picture[0].getPixelReader().getColor((int) place[0].getX(), (int) place[0].getY());
    }

    private static Color color(ColorMap map, double fraction) {
        int argb = map.argb(fraction);
        return Color.rgb(argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff);
    }

    private Point2D centre(int row, int column) {
        Rectangle2D cell = map.geometry().bounds(new GridCell(row, column));
        return map.localToScreen(cell.getMinX() + cell.getWidth() / 2, cell.getMinY() + cell.getHeight() / 2);
    }
}
