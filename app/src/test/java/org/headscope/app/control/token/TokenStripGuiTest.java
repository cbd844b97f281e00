package org.headscope.app.control.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.geometry.Point2D;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
class TokenStripGuiTest {
    private static final List<String> TOKENS = List.of(
            "<|endoftext|>",
            "When",
            " Mary",
            " and",
            " John",
            " went",
            " to",
            " the",
            " store",
            ",",
            "\n",
            " John",
            " gave",
            " a",
            " drink",
            " to");
    private final TokenStripModel model = new TokenStripModel();
    private TokenStrip strip;
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        model.tokensProperty().set(TOKENS);
        strip = new TokenStrip(model);
        VBox root = new VBox(strip);
        root.setPadding(new Insets(16));
        themes = Stages.show(stage, root, 560, 180);
    }

    @Test
    void clickSelectsTheTokenAndTellsIt(FxRobot robot) {
        List<Integer> chosen = new ArrayList<>();
        model.onChosenProperty().set(chosen::add);

        robot.clickOn(centre(8));

        assertThat(chosen).containsExactly(8);
        assertThat(model.selectedProperty().get()).isEqualTo(8);
    }

    @Test
    void shorterTextDropsASelectionBehindItsEnd(FxRobot robot) {
        robot.clickOn(centre(8));

        robot.interact(() -> model.tokensProperty().set(List.of()));

        assertThat(model.selectedProperty().get()).isEqualTo(TokenStripModel.NONE);
        assertThat(strip.getAccessibleText()).startsWith("0 tokens");
    }

    @Test
    void arrowsAndEndMoveTheSelection(FxRobot robot) {
        robot.interact(strip::requestFocus);
        robot.type(KeyCode.END, KeyCode.LEFT, KeyCode.LEFT);

        assertThat(model.selectedProperty().get()).isEqualTo(13);
        assertThat(strip.getAccessibleText()).isEqualTo("16 tokens. position 13, token “·a”");
    }

    @Test
    void downGoesToTheNextRow(FxRobot robot) {
        robot.interact(() -> model.select(0));
        robot.interact(strip::requestFocus);
        robot.type(KeyCode.DOWN);

        assertThat(strip.boundsOf(model.selectedProperty().get()).getMinY())
                .isGreaterThan(strip.boundsOf(0).getMaxY());
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        robot.interact(() -> model.markedProperty().set(Set.of(4, 11)));
        robot.clickOn(centre(2));
        Screenshots.take(stage.getScene(), "token-strip-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "token-strip-dark");
    }

    @Test
    void twoThousandTokensAppearWithoutAFrozenFrame(FxRobot robot) {
        List<String> many = IntStream.range(0, 2048)
                .mapToObj(i -> TOKENS.get(i % TOKENS.size()))
                .toList();
        long[] best = {Long.MAX_VALUE};
        robot.interact(() -> {
            for (int i = 0; i < 5; i++) {
                model.tokensProperty().set(List.of());
                long start = System.nanoTime();
                model.tokensProperty().set(many);
                strip.layout();
                best[0] = Math.min(best[0], System.nanoTime() - start);
            }
        });

        assertThat(best[0] / 1e6).as("milliseconds").isLessThan(100);
    }

    private Point2D centre(int position) {
        Bounds chip = strip.boundsOf(position);
        return strip.localToScreen(chip.getCenterX(), chip.getCenterY());
    }
}
