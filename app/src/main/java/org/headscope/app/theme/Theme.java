package org.headscope.app.theme;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

/** The looks to choose from. */
public enum Theme {
    LIGHT,
    DARK;

    /** @return the other look */
    public Theme other() {
        return this == LIGHT ? DARK : LIGHT;
    }

    String userAgentStyleSheet() {
        return this == LIGHT ? new PrimerLight().getUserAgentStylesheet() : new PrimerDark().getUserAgentStylesheet();
    }
}
