package org.headscope.app;

import java.util.List;
import javafx.scene.Node;
import org.headscope.app.text.Messages;
import org.headscope.app.window.EmptyState;
import org.headscope.app.window.ViewSpec;

/** The views of the window, in the order of the navigation. A new view is one line here. */
final class Views {
    private Views() {}

    static List<ViewSpec> all(AppServices services) {
        return List.of(
                empty("explore", "mdi2c-compass-outline", services),
                empty("patch", "mdi2s-swap-horizontal", services),
                empty("attention", "mdi2e-eye-outline", services),
                empty("mask", "mdi2c-checkerboard", services),
                empty("history", "mdi2h-history", services));
    }

    private static ViewSpec empty(String id, String icon, AppServices services) {
        return new ViewSpec(id, icon, () -> {
            Node node = new EmptyState(
                    icon,
                    Messages.get("view.noModel"),
                    Messages.get("view." + id + ".purpose"),
                    services.commands().require("file.openModel"));
            return () -> node;
        });
    }
}
