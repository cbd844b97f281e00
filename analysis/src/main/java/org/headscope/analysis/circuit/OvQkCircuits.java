package org.headscope.analysis.circuit;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.weights.UnembedWeights;

/** What one head makes of one token: what it raises when it attends there, what the token looks for, and who looks for it. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class OvQkCircuits implements Analysis<OvQkCircuits.Parameters, Findings> {
    /** Title of the table of tokens. */
    public static final String TOKENS = "Tokens";
    /** Title of the table of the token's own place in each list. */
    public static final String ITSELF = "The token itself";

    /**
     * Parameters.
     *
     * @param token the token
     * @param layer layer of the head
     * @param head the head
     * @param offset how many positions the query stands behind the key
     * @param embedding what stands for a token
     * @param listed tokens at each end
     */
    public record Parameters(
            @Param(label = "Token", help = "A single token, with its leading space, or ids:N.") Prompt token,
            @Param(label = "Layer", min = 0, help = "Layer of the head.") int layer,
            @Param(label = "Head", min = 0, help = "The head.") int head,
            @Param(
                            label = "Offset",
                            unit = "tokens",
                            defaultValue = "1",
                            min = 0,
                            help = "How far the query stands behind the key; matters with rotary positions.")
                    int offset,
            @Param(
                            label = "Embedding",
                            defaultValue = "token",
                            help = "What stands for a token: its embedding, or with what the first MLP adds to it.")
                    TokenStreams.Embedding embedding,
            @Param(label = "Listed", defaultValue = "10", min = 1, max = 1000, help = "Tokens at each end.")
                    int listed) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("ov-qk-circuits", "OV and QK circuits of a token", AnalysisInfo.Area.CIRCUIT)
                .measures("Which tokens a head raises when it attends to a token, which keys the token looks for, and"
                        + " which queries look for it.")
                .formula("row of OV: E[token] W_V W_O W_U; row of QK: scale E[token] W_Q R_m W_K^T E^T; column of QK: "
                        + "scale E W_Q R_m W_K^T E[token]^T; E = W_E or W_E + MLP0(W_E), R_m the rotation of an offset of m,"
                        + " norm gains folded")
                .source("Elhage et al. 2021, A Mathematical Framework for Transformer Circuits, "
                        + "transformer-circuits.pub/2021/framework; enriched embeddings: Wang et al. 2211.00593")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The weights of the open model, norm gains and LayerNorm's centring folded. Left out: the norms'"
                                + " denominators, biases, position embeddings, linear position biases, caps of the"
                                + " scores, and the active mask. Denominators differ between tokens, so that lists of keys"
                                + " and queries are in the order of the circuit, not of attention. With mlp0 the MLP is"
                                + " really run, behind its own norm, on the embedding alone. Heads of a group share W_K"
                                + " and W_V.")
                .cost(
                        "No forward; one row at a time, never vocabulary by vocabulary. With mlp0 the first MLP runs once on"
                                + " every token of the vocabulary for each list.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        HookedTransformer model = context.model();
        check(model, parameters);
        int token = context.prompts().answer(parameters.token());
        if (token < 0 || token >= model.config().dims().vocab()) {
            throw ParameterException.refused(
                    "token",
                    parameters.token().line(),
                    "a token id from 0 to " + (model.config().dims().vocab() - 1));
        }
        HeadFactors head = HeadReader.of(model, "Reading heads by their weights")
                .layer(parameters.layer())
                .get(parameters.head());
        TokenMap.requireDirect(model);
        Reading reading = new Reading(model, new TokenStreams(model, parameters.embedding()), head, token);
        LayerAttention attention = model.config().attention().layers().get(parameters.layer());
        List<Row> rows = new ArrayList<>();
        progress.report(0, 3, "OV");
        rows.add(new Row("OV: raised when attended to", reading.ov()));
        progress.checkCancelled();
        progress.report(1, 3, "QK of the token as query");
        rows.add(new Row("QK: keys it looks for", reading.keys(attention, parameters.offset())));
        progress.checkCancelled();
        progress.report(2, 3, "QK of the token as key");
        rows.add(new Row("QK: queries that look for it", reading.queries(attention, parameters.offset())));
        return Findings.of(tokens(context, rows, parameters.listed()), itself(rows, token));
    }

    private static void check(HookedTransformer model, Parameters parameters) {
        Dims dims = model.config().dims();
        require("layer", parameters.layer(), dims.layers());
        require("head", parameters.head(), dims.heads());
        require("offset", parameters.offset(), dims.context());
        int window = model.config().attention().layers().get(parameters.layer()).window();
        if (window > 0) {
            require("offset", parameters.offset(), window);
        }
    }

    private static void require(String name, int given, int count) {
        if (given >= count) {
            throw ParameterException.refused(name, Integer.toString(given), "a number from 0 to " + (count - 1));
        }
    }

    /** Rows of the full circuits of one head for one token, {@code [vocab]}. */
    record Reading(HookedTransformer model, TokenStreams streams, HeadFactors head, int token) {
        private Matrix own() {
            return streams.rows(token, token + 1);
        }

        double[] ov() {
            UnembedWeights unembed = model.weights().unembed();
            Matrix value = Matrices.multiply(head.v(), own().transpose());
            Matrix written = Matrices.multiply(head.o(), value);
            Matrix read = NormFold.of(model.config().block().norm()).intoWriter(Rows.of(written), unembed.finalNorm());
            return TokenEnds.of(unembed.unembed().weight(), read.transpose()).products()[0];
        }

        double[] keys(LayerAttention attention, int offset) {
            Matrix q = new RotaryOffset(attention.rope(), offset).turn(head.q());
            Matrix query = Matrices.multiply(q, own().transpose());
            return scaled(streams.products(Matrices.multiply(query.transpose(), head.k())), attention);
        }

        double[] queries(LayerAttention attention, int offset) {
            Matrix q = new RotaryOffset(attention.rope(), offset).turn(head.q());
            Matrix key = Matrices.multiply(head.k(), own().transpose());
            return scaled(streams.products(Matrices.multiply(key.transpose(), q)), attention);
        }

        private static double[] scaled(double[] scores, LayerAttention attention) {
            for (int i = 0; i < scores.length; i++) {
                scores[i] *= attention.scale();
            }
            return scores;
        }
    }

    private record Row(String circuit, double[] values) {}

    private static Table tokens(AnalysisContext context, List<Row> circuits, int listed) {
        List<List<Object>> rows = new ArrayList<>();
        for (Row circuit : circuits) {
            for (int sign : new int[] {1, -1}) {
                List<Integer> best = IntStream.range(0, circuit.values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer id) -> -sign * circuit.values[id]))
                        .limit(listed)
                        .toList();
                for (int rank = 0; rank < best.size(); rank++) {
                    int id = best.get(rank);
                    String end = sign > 0 ? "most" : "least";
                    rows.add(List.of(
                            circuit.circuit,
                            end,
                            rank + 1,
                            id,
                            context.prompts().show(id),
                            circuit.values[id]));
                }
            }
        }
        return new Table(
                TOKENS,
                List.of(
                        Table.Column.text("circuit"),
                        Table.Column.text("end"),
                        Table.Column.integer("rank"),
                        Table.Column.integer("token id"),
                        Table.Column.text("token"),
                        Table.Column.number("value", "")),
                rows);
    }

    private static Table itself(List<Row> circuits, int token) {
        List<List<Object>> rows = new ArrayList<>();
        for (Row circuit : circuits) {
            double own = circuit.values[token];
            long above = IntStream.range(0, circuit.values.length)
                    .filter(id -> circuit.values[id] > own)
                    .count();
            double mean = IntStream.range(0, circuit.values.length)
                    .mapToDouble(id -> circuit.values[id])
                    .average()
                    .orElseThrow();
            rows.add(List.of(circuit.circuit, own, above + 1, mean, circuit.values.length));
        }
        return new Table(
                ITSELF,
                List.of(
                        Table.Column.text("circuit"),
                        Table.Column.number("value", ""),
                        Table.Column.integer("rank"),
                        Table.Column.number("mean of all tokens", ""),
                        Table.Column.integer("tokens")),
                rows);
    }
}
