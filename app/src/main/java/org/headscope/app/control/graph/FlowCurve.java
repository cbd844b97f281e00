package org.headscope.app.control.graph;

import javafx.geometry.Point2D;
import javafx.scene.canvas.GraphicsContext;

/**
 * The line of one flow on the screen: it leaves its writer upwards and enters its reader from below.
 *
 * @param flow what flows
 * @param from where it begins
 * @param to where it ends
 */
record FlowCurve(GraphFlow flow, Point2D from, Point2D to) {
    private static final int PIECES = 14;
    private static final double SHORTEST_BEND = 10;

    private double bend() {
        return Math.max(SHORTEST_BEND, Math.abs(from.getY() - to.getY()) * 0.45);
    }

    void trace(GraphicsContext g) {
        double bend = bend();
        g.beginPath();
        g.moveTo(from.getX(), from.getY());
        g.bezierCurveTo(from.getX(), from.getY() - bend, to.getX(), to.getY() + bend, to.getX(), to.getY());
        g.stroke();
    }

    Point2D at(double t) {
        double u = 1 - t;
        double bend = bend();
        double x = from.getX() * (u * u * u + 3 * u * u * t) + to.getX() * (3 * u * t * t + t * t * t);
        double y = u * u * u * from.getY()
                + 3 * u * u * t * (from.getY() - bend)
                + 3 * u * t * t * (to.getY() + bend)
                + t * t * t * to.getY();
        return new Point2D(x, y);
    }

    /** How far a point is from the line; infinite where it is clearly far. */
    double distance(double x, double y, double near) {
        double reach = near + bend();
        if (y < Math.min(from.getY(), to.getY()) - reach
                || y > Math.max(from.getY(), to.getY()) + reach
                || x < Math.min(from.getX(), to.getX()) - near
                || x > Math.max(from.getX(), to.getX()) + near) {
            return Double.POSITIVE_INFINITY;
        }
        double best = Double.POSITIVE_INFINITY;
        Point2D last = from;
        for (int i = 1; i <= PIECES; i++) {
            Point2D next = at((double) i / PIECES);
            best = Math.min(best, toPiece(last, next, x, y));
            last = next;
        }
        return best;
    }

    private static double toPiece(Point2D a, Point2D b, double x, double y) {
        double dx = b.getX() - a.getX();
        double dy = b.getY() - a.getY();
        double length = dx * dx + dy * dy;
        double t = length == 0 ? 0 : ((x - a.getX()) * dx + (y - a.getY()) * dy) / length;
        double inside = Math.max(0, Math.min(1, t));
        return Math.hypot(x - a.getX() - inside * dx, y - a.getY() - inside * dy);
    }
}
