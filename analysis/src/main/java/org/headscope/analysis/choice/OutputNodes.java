package org.headscope.analysis.choice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.headscope.analysis.attribution.ExampleParts;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.SampleSummary;
import org.headscope.hooks.config.Dims;

/**
 * Heads and MLPs by what they write towards the right label, and those that are chosen.
 *
 * @param ranked all of them, the strongest first
 * @param chosen how many of them, from the front, cover the share asked for
 * @param total what all of them write together, on average
 */
record OutputNodes(List<Node> ranked, int chosen, double total) {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    /**
     * One part.
     *
     * @param unit a head or an MLP
     * @param effect its contribution over questions
     */
    record Node(MaskUnit unit, SampleSummary effect) {}

    /** Ranks by mean contribution, and takes from the front until {@code share} of the total is covered. */
    static OutputNodes of(List<ExampleParts> apart, Dims dims, double share, long seed) {
        Bootstrap bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        boolean mlps = !Double.isNaN(apart.get(0).parts().mlps()[0]);
        List<Node> nodes = new ArrayList<>();
        for (int l = 0; l < dims.layers(); l++) {
            int layer = l;
            for (int h = 0; h < dims.heads(); h++) {
                int head = h;
                nodes.add(new Node(MaskUnit.head(l, h), over(apart, bootstrap, one -> one.parts()
                        .heads()[layer][head])));
            }
            if (mlps) {
                nodes.add(new Node(MaskUnit.mlp(l), over(apart, bootstrap, one -> one.parts()
                        .mlps()[layer])));
            }
        }
        nodes.sort(Comparator.comparingDouble((Node node) -> -node.effect.mean()));
        double total = nodes.stream().mapToDouble(node -> node.effect.mean()).sum();
        int chosen = 0;
        double covered = 0;
        while (chosen < nodes.size()
                && covered < share * total
                && nodes.get(chosen).effect.mean() > 0) {
            covered += nodes.get(chosen++).effect.mean();
        }
        return new OutputNodes(List.copyOf(nodes), chosen, total);
    }

    private static SampleSummary over(
            List<ExampleParts> apart, Bootstrap bootstrap, ToDoubleFunction<ExampleParts> number) {
        return SampleSummary.of(apart.stream().mapToDouble(number).toArray(), bootstrap);
    }

    /** The chosen parts. */
    List<MaskUnit> units() {
        return ranked.subList(0, chosen).stream().map(Node::unit).toList();
    }
}
