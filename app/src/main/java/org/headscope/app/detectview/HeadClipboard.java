package org.headscope.app.detectview;

import java.util.Collection;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import org.headscope.app.control.grid.GridCell;

/** Heads for other programs. */
final class HeadClipboard {
    private HeadClipboard() {}

    static void put(Collection<GridCell> heads) {
        ClipboardContent content = new ClipboardContent();
        content.putString(HeadNames.list(heads));
        Clipboard.getSystemClipboard().setContent(content);
    }
}
