package org.headscope.app.control.token;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;

/**
 * Scrolls tokens that wrap. Other than a plain scroll pane it asks how high they are at the width they get, and takes that
 * height as far as its style allows.
 */
public final class TokenScroll extends ScrollPane {
    private static final double EDGES = 2;
    private final Node tokens;

    /** @param tokens what wraps */
    public TokenScroll(Node tokens) {
        super(tokens);
        this.tokens = tokens;
        setFitToWidth(true);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        setMinHeight(USE_PREF_SIZE);
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    @Override
    protected double computePrefHeight(double width) {
        double most = getMaxHeight() > 0 ? getMaxHeight() : Double.MAX_VALUE;
        return Math.min(most, tokens.prefHeight(width < 0 ? -1 : width - EDGES) + EDGES);
    }
}
