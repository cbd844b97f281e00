package org.headscope.app.workbench;

import java.util.List;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.control.token.TokenStrip;
import org.headscope.app.text.Messages;
import org.headscope.hooks.tokens.BosPolicy;

/** The prompt, whether it gets a beginning-of-sequence token, and the tokens it became. */
public final class PromptBar extends VBox {

    public PromptBar(Workbench bench) {
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
        getChildren().addAll(row, new ErrorLabel(bench.promptErrorProperty()), tokens(bench));
    }

    private static ScrollPane tokens(Workbench bench) {
        TokenStrip strip = new TokenStrip(bench.tokens());
        strip.setId("tokens");
        ScrollPane scroll = new ScrollPane(strip);
        scroll.getStyleClass().add("token-scroll");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setMinHeight(USE_PREF_SIZE);
        Runnable fit = () -> scroll.setPrefViewportHeight(strip.prefHeight(scroll.getWidth()));
        scroll.widthProperty().subscribe(fit);
        bench.tokens().tokensProperty().subscribe(tokens -> {
            scroll.setVisible(!tokens.isEmpty());
            fit.run();
        });
        scroll.managedProperty().bind(scroll.visibleProperty());
        return scroll;
    }
}
