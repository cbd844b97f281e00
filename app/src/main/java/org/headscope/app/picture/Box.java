package org.headscope.app.picture;

/**
 * A rectangle in drawing units, y growing downwards.
 *
 * @param x left edge
 * @param y upper edge
 * @param width to the right
 * @param height downwards
 */
record Box(double x, double y, double width, double height) {
    double right() {
        return x + width;
    }

    double bottom() {
        return y + height;
    }

    double middle() {
        return x + width / 2;
    }

    boolean meets(Box other) {
        return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
    }

    boolean isInside(Box other) {
        return x >= other.x && right() <= other.right() && y >= other.y && bottom() <= other.bottom();
    }
}
