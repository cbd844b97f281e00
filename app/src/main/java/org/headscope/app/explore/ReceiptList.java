package org.headscope.app.explore;

import javafx.collections.ObservableList;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.LastReceipt;
import org.headscope.hooks.run.Receipt;
import org.jspecify.annotations.Nullable;

/** What acted, how often, and how strongly. */
final class ReceiptList extends ListView<Receipt> {

    ReceiptList(ObservableList<Receipt> receipts) {
        super(receipts);
        setId("receipts");
        getStyleClass().addAll("receipt-list", "dense");
        Label nothing = new Label(Messages.get("explore.receipts.none"));
        nothing.setWrapText(true);
        nothing.getStyleClass().add("muted");
        setPlaceholder(nothing);
        setCellFactory(list -> new ReceiptCell());
    }

    private static final class ReceiptCell extends ListCell<Receipt> {
        @Override
        protected void updateItem(@Nullable Receipt receipt, boolean empty) {
            super.updateItem(receipt, empty);
            setText(empty || receipt == null ? null : LastReceipt.words(receipt));
        }
    }
}
