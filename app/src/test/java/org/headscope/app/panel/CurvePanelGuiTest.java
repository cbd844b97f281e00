package org.headscope.app.panel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import javafx.scene.chart.NumberAxis;
import javafx.scene.layout.StackPane;
import javafx.scene.shape.ClosePath;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.stage.Stage;
import org.headscope.analysis.result.Curve;
import org.headscope.app.picture.Samples;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
class CurvePanelGuiTest {
    private final Curve curve = Samples.curve();
    private Stage stage;
    private ThemeManager themes;
    private CurvePanelView view;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        view = new CurvePanelView(curve);
        StackPane root = new StackPane(view);
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 700, 420);
    }

    @Test
    void bandLiesBetweenItsEdgesAndTheAxisHasRoomForIt(FxRobot robot) throws Exception {
        NumberAxis y = (NumberAxis) view.getYAxis();
        NumberAxis x = (NumberAxis) view.getXAxis();
        Curve.Line line = curve.lines().get(0);
        Set<Path> bands = robot.lookup(".curve-band").queryAllAs(Path.class);
        Path band = bands.stream()
                .filter(path -> !path.getElements().isEmpty())
                .reduce((a, b) -> {
                    throw new AssertionError("one line has a band, two are drawn");
                })
                .orElseThrow();

        assertThat(y.getUpperBound())
                .as("the highest point is that of the band")
                .isGreaterThanOrEqualTo(3);
        assertThat(band.getElements()).hasSize(7);
        assertThat(band.getElements().get(6)).isInstanceOf(ClosePath.class);
        MoveTo begin = (MoveTo) band.getElements().get(0);
        assertThat(begin.getY()).isCloseTo(y.getDisplayPosition(line.lower().get(0)), within(0.01));
        LineTo peak = (LineTo) band.getElements().get(4); // back along the upper edge: 2, 1, 0
        assertThat(peak.getX()).isCloseTo(x.getDisplayPosition(1.0), within(0.01));
        assertThat(peak.getY()).isCloseTo(y.getDisplayPosition(3.0), within(0.01));
        Screenshots.take(stage.getScene(), "curve-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "curve-dark");
        assertThat(List.copyOf(bands)).hasSize(2);
    }
}
