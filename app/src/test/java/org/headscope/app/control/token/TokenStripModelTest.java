package org.headscope.app.control.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenStripModelTest {
    private final TokenStripModel model = new TokenStripModel();

    @Test
    void shorterPromptDropsASelectionBehindItsEnd() {
        model.tokensProperty().set(List.of("a", "b", "c"));
        model.select(2);
        model.tokensProperty().set(List.of("a"));

        assertThat(model.selectedProperty().get()).isEqualTo(TokenStripModel.NONE);
    }

    @Test
    void moveStopsAtTheLastToken() {
        model.tokensProperty().set(List.of("a", "b"));
        model.select(1);
        model.move(1);

        assertThat(model.selectedProperty().get()).isEqualTo(1);
    }

    @Test
    void firstMoveSelectsTheFirstToken() {
        model.tokensProperty().set(List.of("a", "b"));
        model.move(-1);

        assertThat(model.selectedProperty().get()).isZero();
    }

    @Test
    void emptyPromptHasNothingToSelect() {
        model.move(1);

        assertThat(model.selectedProperty().get()).isEqualTo(TokenStripModel.NONE);
    }
}
