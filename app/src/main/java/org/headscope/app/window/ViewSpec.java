package org.headscope.app.window;

import java.util.function.Supplier;
import org.headscope.app.text.Messages;

/**
 * A view that can be chosen on the left. Its name is the text {@code view.<id>}.
 *
 * @param id unique, such as {@code explore}
 * @param icon name in the icon font
 * @param factory makes the view when it is first shown, on the window's thread
 */
public record ViewSpec(String id, String icon, Supplier<WorkView> factory) {

    /** @return its name for people */
    public String label() {
        return Messages.get("view." + id);
    }
}
