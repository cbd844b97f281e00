package org.headscope.app.control.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.headscope.app.control.token.TokenPairModel.Column;
import org.headscope.app.control.token.TokenPairModel.Pair;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Stages;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
class TokenPairStripGuiTest {
    private final TokenPairModel model = new TokenPairModel();
    private TokenPairStrip strip;

    @Start
    void start(Stage stage) {
        model.pairProperty().set(pair("a", "b", "c", "d", "e", "f"));
        strip = new TokenPairStrip(model);
        Stages.show(stage, new VBox(strip), 480, 160);
    }

    @Test
    void shorterPairDropsASelectionBehindItsEnd(FxRobot robot) {
        robot.clickOn(strip);
        robot.interact(() -> model.selectedProperty().set(5));
        assertThat(strip.getAccessibleText()).contains("f");

        robot.interact(() -> model.pairProperty().set(pair("a", "b")));

        assertThat(model.selectedProperty().get()).isEqualTo(TokenPairModel.NONE);
        assertThat(strip.getAccessibleText()).contains("2").doesNotContain("f");
    }

    private static Pair pair(String... tokens) {
        List<Column> columns = IntStream.range(0, tokens.length)
                .mapToObj(i -> new Column(i, i, false))
                .toList();
        return new Pair(List.of(tokens), List.of(tokens), columns);
    }
}
