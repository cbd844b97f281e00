package org.headscope.app.control.graph;

/**
 * How closely a graph is looked at.
 *
 * @param factor 1 shows all of it
 * @param left how far its left edge is out of sight, as a share of the view's width
 * @param top how far its upper edge is out of sight, as a share of the view's height
 */
record GraphZoom(double factor, double left, double top) {
    static final GraphZoom ALL = new GraphZoom(1, 0, 0);
    private static final double CLOSEST = 12;

    /** Looks closer, keeping a point, given in shares of the view, where it is. */
    GraphZoom by(double times, double x, double y) {
        double next = Math.max(1, Math.min(CLOSEST, factor * times));
        return new GraphZoom(next, (left + x) / factor * next - x, (top + y) / factor * next - y).within();
    }

    GraphZoom moved(double x, double y) {
        return new GraphZoom(factor, left + x, top + y).within();
    }

    private GraphZoom within() {
        return new GraphZoom(factor, Math.max(0, Math.min(factor - 1, left)), Math.max(0, Math.min(factor - 1, top)));
    }
}
