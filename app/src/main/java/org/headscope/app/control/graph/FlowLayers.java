package org.headscope.app.control.graph;

import java.util.List;
import java.util.function.Function;
import javafx.animation.AnimationTimer;
import javafx.scene.canvas.Canvas;

/**
 * The lines of a graph. The largest are there at once and lie on top; of very many, the rest follow beneath them, some in each
 * frame and the smallest first, so that no graph keeps the window waiting.
 */
final class FlowLayers extends AnimationTimer {
    private static final int AT_ONCE = 500;
    private static final int PER_FRAME = 200;

    private final Canvas rest = new Canvas();
    private final Canvas largest = new Canvas();
    private List<FlowCurve> waiting = List.of();
    private int drawn;
    private Function<Canvas, GraphPainter> painters = canvas -> {
        throw new IllegalStateException("nothing was to be drawn yet");
    };

    /** Behind everything else, in this order. */
    List<Canvas> canvases() {
        return List.of(rest, largest);
    }

    /** How many lines are there by now. */
    int drawn() {
        return drawn;
    }

    /** Draws lines on clear canvases. */
    void draw(List<FlowCurve> curves, Function<Canvas, GraphPainter> on) {
        int split = Math.min(AT_ONCE, curves.size());
        painters = on;
        waiting = curves.subList(split, curves.size());
        drawn = split;
        painters.apply(largest).curves(curves.subList(0, split));
        if (waiting.isEmpty()) {
            stop();
        } else {
            start();
        }
    }

    @Override
    public void handle(long now) {
        int left = Math.max(0, waiting.size() - PER_FRAME);
        List<FlowCurve> next = waiting.subList(left, waiting.size());
        painters.apply(rest).curves(next);
        drawn += next.size();
        waiting = waiting.subList(0, left);
        if (left == 0) {
            stop();
        }
    }
}
