package org.headscope.app.action;

import org.headscope.app.text.Messages;

/** The menus, in the order of the menu bar. */
public enum CommandCategory {
    FILE("category.file"),
    EDIT("category.edit"),
    GO("category.go"),
    RUN("category.run"),
    VIEW("category.view"),
    HELP("category.help");

    private final String labelKey;

    CommandCategory(String labelKey) {
        this.labelKey = labelKey;
    }

    String labelKey() {
        return labelKey;
    }

    /** @return its name without the mark of the menu key */
    public String label() {
        return Messages.get(labelKey).replace("_", "");
    }
}
