package org.headscope.app.control.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;

/** Where parts and flows lie on the screen. */
final class GraphGeometry {
    private static final double MARGIN = 14;
    private static final double WIDEST = 58;
    private static final double HIGHEST = 24;
    private static final double BAR = 6;
    private static final double NEAR = 5;

    private final GraphData data;
    private final GraphLayout layout;
    private final double width;
    private final double height;
    private final GraphZoom zoom;
    private final double partWidth;
    private final double partHeight;
    private final List<FlowCurve> curves = new ArrayList<>();
    private final Map<String, Rectangle2D> bounds = new HashMap<>();

    GraphGeometry(GraphModel model, double width, double height, GraphZoom zoom) {
        this.data = model.data();
        this.layout = model.layout();
        this.width = width;
        this.height = height;
        this.zoom = zoom;
        double pitchX = (width - 2 * MARGIN) * zoom.factor() / layout.columns();
        double pitchY = (height - 2 * MARGIN) * zoom.factor() / layout.rows();
        this.partWidth = Math.max(3, Math.min(WIDEST, pitchX - 6));
        this.partHeight = Math.max(3, Math.min(HIGHEST, pitchY * 0.42));
        data.parts().forEach(part -> bounds.put(part.id(), place(part, pitchX)));
        data.flows().forEach(flow -> curves.add(curve(flow)));
    }

    private Rectangle2D place(GraphPart part, double pitchX) {
        Point2D at = layout.place(part.id());
        double x = MARGIN
                + (at.getX() + 0.5) / layout.columns() * (width - 2 * MARGIN) * zoom.factor()
                - zoom.left() * width;
        double y = MARGIN
                + (1 - (at.getY() + 0.5) / layout.rows()) * (height - 2 * MARGIN) * zoom.factor()
                - zoom.top() * height;
        if (part.kind() == GraphPart.Kind.SHARED && layout.bars()) {
            int group = data.columns().map(GraphPart.Columns::group).orElse(1);
            double w = Math.max(partWidth, (group - 1) * pitchX + partWidth);
            return new Rectangle2D(x - w / 2, y + partHeight * 0.1, w, Math.min(BAR, partHeight / 2));
        }
        boolean end = part.kind() == GraphPart.Kind.INPUT || part.kind() == GraphPart.Kind.LOGITS;
        double w = end ? Math.max(partWidth, WIDEST) : partWidth;
        return new Rectangle2D(x - w / 2, y - partHeight / 2, w, partHeight);
    }

    private FlowCurve curve(GraphFlow flow) {
        Rectangle2D writer = bounds(flow.from());
        Rectangle2D reader = bounds(flow.to());
        double share =
                switch (flow.input()) {
                    case "q" -> 0.25;
                    case "k" ->
                        data.part(flow.to())
                                        .filter(part -> part.kind() == GraphPart.Kind.SHARED)
                                        .isPresent()
                                ? 0.3
                                : 0.5;
                    case "v" -> 0.75;
                    default -> 0.5;
                };
        return new FlowCurve(
                flow,
                new Point2D(writer.getMinX() + writer.getWidth() / 2, writer.getMinY()),
                new Point2D(reader.getMinX() + reader.getWidth() * share, reader.getMaxY()));
    }

    Rectangle2D bounds(String id) {
        return bounds.getOrDefault(id, Rectangle2D.EMPTY);
    }

    /** One per flow, in the order of the data. */
    List<FlowCurve> curves() {
        return curves;
    }

    Optional<GraphPart> partAt(double x, double y) {
        return data.parts().stream()
                .filter(part -> {
                    Rectangle2D at = bounds(part.id());
                    return x >= at.getMinX() - 1
                            && x <= at.getMaxX() + 1
                            && y >= at.getMinY() - 1
                            && y <= at.getMaxY() + 1;
                })
                .findFirst();
    }

    /** The nearest flow; of several that are touched, the nearest. */
    Optional<GraphFlow> flowAt(double x, double y, List<GraphFlow> among) {
        double best = NEAR;
        GraphFlow found = null;
        boolean all = among.size() == curves.size();
        for (FlowCurve curve : curves) {
            double distance = curve.distance(x, y, NEAR);
            if (distance < best && (all || among.contains(curve.flow()))) {
                best = distance;
                found = curve.flow();
            }
        }
        return Optional.ofNullable(found);
    }
}
