package org.headscope.app.workbench;

import java.util.List;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;
import org.headscope.hooks.run.Receipt;

/** Proof that the last intervention of any view fired, for the bottom of the window. */
public final class LastReceipt {
    private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper(this, "text", "");

    /** What acted last, how often and how strongly; empty before anything did. */
    public ReadOnlyStringProperty textProperty() {
        return text.getReadOnlyProperty();
    }

    /** Takes the last of what one run accounts for, and the number of the others. */
    public void show(List<ReceiptSummary> receipts) {
        if (!receipts.isEmpty()) {
            ReceiptSummary last = receipts.get(receipts.size() - 1);
            String words = words(last.label(), last.fired(), last.changeMaxAbs());
            text.set(
                    receipts.size() == 1
                            ? words
                            : Messages.get("receipt.andOthers", words, Integer.toString(receipts.size() - 1)));
        }
    }

    /** {@return a receipt in words} */
    public static String words(Receipt receipt) {
        return words(receipt.label(), receipt.fired(), receipt.change());
    }

    private static String words(String label, long fired, double change) {
        return Messages.get("receipt.words", label, Long.toString(fired), Ticks.format(change));
    }
}
