package org.headscope.analysis.circuit;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridBuilder;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.UnembedWeights;

/** What a head moves, direction by direction, and how many directions every head uses. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class HeadSvd implements Analysis<HeadSvd.Parameters, Findings> {
    /** Title of the panel of all heads. */
    public static final String RANKS = "Effective rank of OV";
    /** Title of the table of one head. */
    public static final String DIRECTIONS = "Singular directions";

    private static final List<Table.Column> COLUMNS = List.of(
            Table.Column.integer("direction"),
            Table.Column.number("singular value", ""),
            Table.Column.text("reads"),
            Table.Column.text("writes"),
            Table.Column.text("reads, other end"),
            Table.Column.text("writes, other end"));

    /**
     * Parameters.
     *
     * @param layer layer of the head that is read through the vocabulary
     * @param head the head
     * @param directions how many of its directions
     * @param tokens how many tokens for each end of a direction
     */
    public record Parameters(
            @Param(label = "Layer", defaultValue = "0", min = 0, help = "Layer of the head to read.") int layer,
            @Param(label = "Head", defaultValue = "0", min = 0, help = "The head to read.") int head,
            @Param(label = "Directions", defaultValue = "8", min = 1, help = "How many directions to list.")
                    int directions,
            @Param(label = "Tokens", defaultValue = "6", min = 1, max = 100, help = "Tokens for each end.")
                    int tokens) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("head-svd", "Singular directions of heads", AnalysisInfo.Area.LENS)
                .measures(
                        "In how many directions each head moves what it attends to, and for one head which tokens stand "
                                + "at both ends of each.")
                .formula("W_V W_O = sum_i reads_i s_i writes_i; effective rank = exp(H(s / sum(s))); "
                        + "tokens by W_E reads_i and writes_i W_U")
                .source("Millidge and Black 2022, The singular value decompositions of transformer weight matrices are "
                        + "highly interpretable; TransformerLens SVDInterpreter; effective rank: Roy and Vetterli 2007")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The weights of the open model with all norm gains folded, and LayerNorm's centring of what is read; "
                                + "center_unembed changes the lists of tokens. A direction may be turned round, read and "
                                + "written end together. Directions with nearly equal singular values are not stable. "
                                + "The active mask is left out.")
                .cost("No forward. Two small decompositions per head.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        Dims dims = context.model().config().dims();
        require("layer", parameters.layer(), dims.layers());
        require("head", parameters.head(), dims.heads());
        HeadReader reader = HeadReader.of(context.model(), "Reading heads by their weights");
        TokenMap.requireDirect(context.model());
        Grid ranks = ranks(dims, reader, progress);
        OvSpectrum chosen = OvSpectrum.of(reader.layer(parameters.layer()).get(parameters.head()));
        return Findings.of(
                new HeadGrid(RANKS, Quantity.unsigned("effective rank", "directions"), ranks),
                table(context, parameters, chosen));
    }

    private static Grid ranks(Dims dims, HeadReader reader, Progress progress) {
        GridBuilder ranks = Grid.builder(Axis.layers(dims.layers()), Axis.heads(dims.heads()));
        for (int layer = 0; layer < dims.layers(); layer++) {
            progress.checkCancelled();
            progress.report(layer, dims.layers(), "layers");
            List<HeadFactors> heads = reader.layer(layer);
            for (int head = 0; head < dims.heads(); head++) {
                ranks.set(OvSpectrum.of(heads.get(head)).effectiveRank(), layer, head);
            }
        }
        return ranks.snapshot();
    }

    private static void require(String name, int given, int count) {
        if (given >= count) {
            throw ParameterException.refused(name, Integer.toString(given), "a number from 0 to " + (count - 1));
        }
    }

    private static Table table(AnalysisContext context, Parameters parameters, OvSpectrum head) {
        List<TokenEnds> ends = ends(context.model(), head);
        List<List<Object>> rows = IntStream.range(
                        0, Math.min(parameters.directions(), head.values().size()))
                .mapToObj(i -> row(i, head.values().get(i), ends, parameters.tokens(), context))
                .toList();
        return new Table(DIRECTIONS + " of " + parameters.layer() + "." + parameters.head(), COLUMNS, rows);
    }

    /** What is read and what is written, with the norms between them and the tokens. */
    private static List<TokenEnds> ends(HookedTransformer model, OvSpectrum head) {
        NormFold fold = NormFold.of(model.config().block().norm());
        EmbedWeights embed = model.weights().embed();
        UnembedWeights unembed = model.weights().unembed();
        Matrix reads = fold.intoReader(Rows.of(head.reads()), embed.norm());
        Matrix writes = fold.intoWriter(Rows.of(head.writes().transpose()), unembed.finalNorm())
                .transpose();
        return List.of(
                TokenEnds.of(embed.tokens(), reads),
                TokenEnds.of(unembed.unembed().weight(), writes));
    }

    private static List<Object> row(int i, double value, List<TokenEnds> ends, int count, AnalysisContext context) {
        IntFunction<String> show = context.prompts()::show;
        TokenEnds read = ends.get(0);
        TokenEnds written = ends.get(1);
        return Stream.<Object>of(
                        i,
                        value,
                        read.words(i, 1, count, show),
                        written.words(i, 1, count, show),
                        read.words(i, -1, count, show),
                        written.words(i, -1, count, show))
                .toList();
    }
}
