package org.headscope.analysis.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.hooks.config.Dims;

/** What every part of a model adds to one number. */
final class Contributions {
    private static final Quantity LOGITS = Quantity.signed("direct contribution", "logits");

    private final double[][] heads;
    private final double[] attentionBiases;
    private final double[] mlps;
    private final double constant;
    private double tokenEmbedding;
    private double positionEmbedding;

    Contributions(Dims dims, double constant) {
        this.heads = new double[dims.layers()][dims.heads()];
        this.attentionBiases = new double[dims.layers()];
        this.mlps = new double[dims.layers()];
        Arrays.fill(mlps, Double.NaN);
        this.constant = constant;
    }

    void embeddings(double token, double position) {
        tokenEmbedding = token;
        positionEmbedding = position;
    }

    void head(int layer, int head, double value) {
        heads[layer][head] = value;
    }

    void attentionBias(int layer, double value) {
        attentionBiases[layer] = value;
    }

    void mlp(int layer, double value) {
        mlps[layer] = value;
    }

    /** Contributions of all heads, {@code [layer * heads + head]}. */
    double[] heads() {
        return Arrays.stream(heads).flatMapToDouble(Arrays::stream).toArray();
    }

    /** Contributions of all MLPs, {@code [layer]}. */
    double[] mlps() {
        return mlps.clone();
    }

    /** The sum of all parts, which must be the number itself. */
    double sum() {
        double sum = constant + tokenEmbedding + orZero(positionEmbedding);
        for (int l = 0; l < heads.length; l++) {
            sum += attention(l) + orZero(mlps[l]);
        }
        return sum;
    }

    /** How large the parts are altogether, which is what rounding errors are in proportion to. */
    double size() {
        double size = Math.abs(constant) + Math.abs(tokenEmbedding) + Math.abs(orZero(positionEmbedding));
        for (int l = 0; l < heads.length; l++) {
            size += Arrays.stream(heads[l]).map(Math::abs).sum();
            size += Math.abs(attentionBiases[l]) + Math.abs(orZero(mlps[l]));
        }
        return size;
    }

    private double attention(int layer) {
        return Arrays.stream(heads[layer]).sum() + attentionBiases[layer];
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    HeadGrid headGrid(String title) {
        Grid grid = Grid.of(Axis.layers(heads.length), Axis.heads(heads[0].length), heads);
        return new HeadGrid(title, LOGITS, grid);
    }

    Table partTable(String title) {
        List<List<Object>> rows = new ArrayList<>();
        boolean apart = !Double.isNaN(positionEmbedding);
        rows.add(List.of(apart ? "token embedding" : "embedding", tokenEmbedding));
        if (apart) {
            rows.add(List.of("position embedding", positionEmbedding));
        }
        for (int l = 0; l < heads.length; l++) {
            rows.add(List.of("heads " + l, Arrays.stream(heads[l]).sum()));
            rows.add(List.of("attention bias " + l, attentionBiases[l]));
            if (!Double.isNaN(mlps[l])) {
                rows.add(List.of("mlp " + l, mlps[l]));
            }
        }
        rows.add(List.of("final norm bias and b_U", constant));
        return new Table(
                title, List.of(Table.Column.text("part"), Table.Column.number("contribution", "logits")), rows);
    }

    Curve layerCurve(String title) {
        List<Curve.Line> lines = new ArrayList<>();
        lines.add(line(
                "attention",
                IntStream.range(0, heads.length).mapToDouble(this::attention).toArray()));
        if (!Double.isNaN(mlps[0])) {
            lines.add(line("MLP", mlps));
        }
        double[] accumulated = new double[heads.length];
        double sum = constant + tokenEmbedding + orZero(positionEmbedding);
        for (int l = 0; l < heads.length; l++) {
            sum += attention(l) + orZero(mlps[l]);
            accumulated[l] = sum;
        }
        lines.add(line("accumulated, constant included", accumulated));
        return new Curve(title, Quantity.unsigned("layer", ""), LOGITS, lines);
    }

    private static Curve.Line line(String name, double[] values) {
        List<Double> x =
                IntStream.range(0, values.length).mapToObj(l -> (double) l).toList();
        return new Curve.Line(name, x, Arrays.stream(values).boxed().toList());
    }
}
