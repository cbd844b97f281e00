package org.headscope.app.picture;

import java.awt.Font;
import java.awt.font.FontRenderContext;

/**
 * How text is written.
 *
 * @param size height of the font in drawing units
 * @param bold whether it is bold
 * @param argb its colour
 * @param anchor which part of it lies on its point
 * @param upright whether it reads from below to above instead of from left to right
 */
record TextStyle(double size, boolean bold, int argb, Anchor anchor, boolean upright) {
    /** Which part of a text lies on its point. */
    enum Anchor {
        START(0),
        MIDDLE(0.5),
        END(1);

        private final double share;

        Anchor(double share) {
            this.share = share;
        }

        /** How far before its point a text of some width begins. */
        double before(double width) {
            return share * width;
        }
    }

    static final TextStyle PLAIN = new TextStyle(11, false, Drawing.INK, Anchor.START, false);
    static final TextStyle STRONG = new TextStyle(11, true, Drawing.INK, Anchor.START, false);
    static final TextStyle SMALL = new TextStyle(10, false, Drawing.FAINT, Anchor.START, false);
    static final TextStyle TITLE = new TextStyle(13, true, Drawing.INK, Anchor.START, false);

    private static final FontRenderContext EXACT = new FontRenderContext(null, true, true);

    TextStyle at(Anchor other) {
        return new TextStyle(size, bold, argb, other, upright);
    }

    TextStyle in(int color) {
        return new TextStyle(size, bold, color, anchor, upright);
    }

    TextStyle rising() {
        return new TextStyle(size, bold, argb, anchor, true);
    }

    Font font() {
        return new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, 1).deriveFont((float) size);
    }

    /** How wide a text is; a viewer with another font comes close to it. */
    double width(String text) {
        return text.isEmpty() ? 0 : font().getStringBounds(text, EXACT).getWidth();
    }
}
