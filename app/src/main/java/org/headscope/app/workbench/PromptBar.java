package org.headscope.app.workbench;

import java.util.List;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.control.token.TokenScroll;
import org.headscope.app.control.token.TokenStrip;
import org.headscope.app.control.token.TokenStripModel;
import org.headscope.app.text.Messages;
import org.headscope.hooks.tokens.BosPolicy;

/** The prompt, whether it gets a beginning-of-sequence token, and the tokens it became. */
public final class PromptBar extends VBox {

    /** @param bench has the prompt, and the tokens that are shown below it */
    public PromptBar(Workbench bench) {
        this(bench, bench.tokens());
    }

    /**
     * @param bench has the prompt
     * @param tokens its tokens as a view shows them
     */
    public PromptBar(Workbench bench, TokenStripModel tokens) {
        getStyleClass().add("prompt-bar");
        TextField field = new TextField();
        field.setId("prompt");
        field.setPromptText(Messages.get("workbench.prompt.hint"));
        field.textProperty().bindBidirectional(bench.promptProperty());
        HBox.setHgrow(field, Priority.ALWAYS);
        ComboBox<BosPolicy> bos = Choices.of(List.of(BosPolicy.values()), Choices::words, bench.bosProperty());
        bos.setId("bos");
        bos.setTooltip(new Tooltip(Messages.get("workbench.bos.help")));
        HBox row = new HBox(
                Choices.label(Messages.get("workbench.prompt"), field),
                field,
                Choices.label(Messages.get("workbench.bos"), bos),
                bos);
        row.getStyleClass().add("row");
        getChildren().addAll(row, new ErrorLabel(bench.promptErrorProperty()), tokens(tokens));
    }

    private static TokenScroll tokens(TokenStripModel model) {
        TokenStrip strip = new TokenStrip(model);
        strip.setId("tokens");
        TokenScroll scroll = new TokenScroll(strip);
        scroll.getStyleClass().add("token-scroll");
        model.tokensProperty().subscribe(tokens -> scroll.setVisible(!tokens.isEmpty()));
        scroll.managedProperty().bind(scroll.visibleProperty());
        return scroll;
    }
}
