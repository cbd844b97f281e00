package org.headscope.analysis.result;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Results of every shape with random contents, NaN and infinities among them. */
public final class SampleResults {
    private static final double[] AWKWARD = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1e-7
    };
    private static final List<String> TOKENS =
            List.of(" Mary", "\n", "\"quoted\", comma", "é\u0000\uD83D\uDE00", "=1+1");

    private SampleResults() {}

    public static Result random(long seed) {
        Random random = new Random(seed);
        return new Result(
                "Sample " + seed,
                panels(random),
                List.of(new ReceiptSummary("8.6 off", "blocks.8.attn.hook_z", 1, number(random), "3.55 -> 2.71")),
                provenance(seed));
    }

    public static Provenance provenance(long seed) {
        ObjectNode config =
                JsonNodeFactory.instance.objectNode().put("family", "gpt2").put("layers", 2);
        ObjectNode parameters = JsonNodeFactory.instance
                .objectNode()
                .put("clean", " a b")
                .put("k", 3)
                .put("eps", 0.3);
        return new Provenance(
                "sample-analysis",
                parameters,
                new ModelRef("models/sample", "sha256:abc", config),
                List.of(
                        new PromptTokens("clean", List.of(1, 2, 3, 4, 5), TOKENS, true),
                        new PromptTokens("corrupt", List.of(7), List.of(), false)),
                new Numerics("prepend", "zero", "raw", "float32"),
                seed,
                "0.1.0",
                new Timing(Instant.parse("2026-11-23T12:00:00.123456Z"), 1.25, Map.of("sweep", 1.0)));
    }

    private static List<Panel> panels(Random random) {
        Axis layers = Axis.layers(1 + random.nextInt(3));
        Axis heads = Axis.heads(1 + random.nextInt(3));
        Axis tokens = Axis.positions(TOKENS);
        Grid byHead = grid(random, layers, heads);
        Grid byPosition = grid(random, layers, tokens);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < byPosition.size(); i++) {
            words.add(TOKENS.get(i % TOKENS.size()));
        }
        Quantity effect = Quantity.signed("effect", "logits");
        Interval interval = new Interval(0.95, "bootstrap", grid(random, layers, heads), grid(random, layers, heads));
        Axis query = Axis.labelled(Axis.QUERY, TOKENS);
        return List.of(
                new HeadGrid("heads", effect, byHead, interval),
                new HeadGrid("kv heads", effect, grid(random, layers, Axis.kvHeads(2))),
                new HeadPositionGrid("by position", effect, grid(random, layers, tokens, heads)),
                new HeadPairGrid("pairs", effect, grid(random, Axis.of(Axis.SENDER, 3), Axis.of(Axis.RECEIVER, 2))),
                new LayerPositionGrid("patching", effect, byPosition),
                new LayerPositionGrid("lens", effect, byPosition, null, words),
                new AttentionMap("5.5", effect, grid(random, query, Axis.labelled(Axis.KEY, TOKENS))),
                new TokenSeries("loss", effect, grid(random, Axis.labelled(Axis.SERIES, List.of("on", "off")), tokens)),
                curve(random),
                table(random),
                graph(random));
    }

    private static Curve curve(Random random) {
        List<Double> points = List.of(number(random), number(random), number(random));
        return new Curve(
                "faithfulness",
                Quantity.unsigned("heads kept", ""),
                Quantity.signed("faithfulness", "share"),
                List.of(
                        new Curve.Line("greedy", points, points),
                        new Curve.Line("top", points, points, points, points)));
    }

    private static Table table(Random random) {
        Table.Column flag = new Table.Column("sink", "", Table.Type.BOOLEAN);
        return new Table(
                "ranking",
                List.of(Table.Column.text("head"), Table.Column.number("score", ""), Table.Column.integer("n"), flag),
                List.of(
                        List.<Object>of("Infinity", number(random), random.nextLong(), true),
                        List.<Object>of("0.1", number(random), 3L, false)));
    }

    private static EdgeGraph graph(Random random) {
        return new EdgeGraph(
                "circuit",
                Quantity.signed("score", ""),
                List.of(
                        new EdgeGraph.Node("input", -1, Double.NaN, true),
                        new EdgeGraph.Node("a0.h1", 0, number(random), false)),
                List.of(new EdgeGraph.Edge("input", "a0.h1", "k", number(random), true)));
    }

    private static Grid grid(Random random, Axis... axes) {
        int cells = 1;
        for (Axis axis : axes) {
            cells *= axis.size();
        }
        double[] values = new double[cells];
        for (int i = 0; i < cells; i++) {
            values[i] = number(random);
        }
        return Grid.of(List.of(axes), values);
    }

    private static double number(Random random) {
        return random.nextInt(3) == 0 ? AWKWARD[random.nextInt(AWKWARD.length)] : random.nextGaussian() * 1e3;
    }
}
