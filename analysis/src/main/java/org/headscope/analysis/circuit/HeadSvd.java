package org.headscope.analysis.circuit;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridBuilder;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.config.Dims;

/** What a head or an MLP moves, direction by direction, and how many directions every head uses. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class HeadSvd implements Analysis<HeadSvd.Parameters, Findings> {
    /** Title of the panel of effective ranks of {@code W_V W_O}. */
    public static final String RANKS = "Effective rank of OV";
    /** Title of the panel of energies of {@code W_V W_O}. */
    public static final String ENERGY = "Top energy of OV";
    /** Title of the panel of effective ranks of {@code W_Q W_K^T}. */
    public static final String QK_RANKS = "Effective rank of QK";
    /** Title of the panel of energies of {@code W_Q W_K^T}. */
    public static final String QK_ENERGY = "Top energy of QK";
    /** Title of the table of the MLPs of all layers. */
    public static final String MLPS = "Directions of the MLPs";
    /** Title of the table of one matrix. */
    public static final String DIRECTIONS = "Singular directions";

    /**
     * Parameters.
     *
     * @param layer layer of the head that is read through the vocabulary
     * @param head the head
     * @param matrix which of its matrices, or which of the layer's MLP
     * @param directions how many of its directions
     * @param tokens how many tokens for each end of a direction
     * @param top how many directions the energy counts
     */
    public record Parameters(
            @Param(label = "Layer", defaultValue = "0", min = 0, help = "Layer of the head or MLP to read.") int layer,
            @Param(label = "Head", defaultValue = "0", min = 0, help = "The head to read; not used for an MLP.")
                    int head,
            @Param(label = "Matrix", defaultValue = "ov", help = "Which matrix is read direction by direction.")
                    SvdMatrix matrix,
            @Param(label = "Directions", defaultValue = "8", min = 1, help = "How many directions to list.")
                    int directions,
            @Param(label = "Tokens", defaultValue = "6", min = 1, max = 100, help = "Tokens for each end.") int tokens,
            @Param(label = "Energy of", defaultValue = "4", min = 1, help = "How many directions the energy counts.")
                    int top) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("head-svd", "Singular directions of heads", AnalysisInfo.Area.LENS)
                .measures(
                        "In how many directions each head moves what it attends to and looks for what it attends to, and"
                                + " for one matrix which tokens stand at both ends of each.")
                .formula("W_V W_O = sum_i reads_i s_i writes_i, W_Q W_K^T = sum_i query_i s_i key_i;"
                        + " effective rank = exp(H(s / sum(s))), top energy = sum of the first s_i^2 / sum of all s_i^2; "
                        + "tokens by W_E reads_i, W_E query_i, W_E key_i and writes_i W_U")
                .source("Millidge and Black 2022, The singular value decompositions of transformer weight matrices are "
                        + "highly interpretable; TransformerLens SVDInterpreter; effective rank: Roy and Vetterli 2007")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The weights of the open model with all norm gains folded, and LayerNorm's centring of what is read; "
                                + "center_unembed changes the lists of tokens. A direction may be turned round, both "
                                + "ends together. Directions with nearly equal singular values are not stable. "
                                + "With rotary positions QK holds for a token and itself (offset 0). Heads of a group "
                                + "share W_K and W_V. The active mask is left out.")
                .cost("No forward. Four small decompositions per head; for an MLP one large one per layer.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean scoresHeads() {
        return true;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return 0;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        Dims dims = context.model().config().dims();
        require("layer", parameters.layer(), dims.layers());
        require("head", parameters.head(), dims.heads());
        HeadReader reader = HeadReader.of(context.model(), "Reading heads by their weights");
        TokenMap.requireDirect(context.model());
        List<Panel> panels = new ArrayList<>(heads(dims, reader, parameters.top(), progress));
        if (!parameters.matrix().ofHead()) {
            panels.add(mlps(context, parameters, progress));
        }
        CircuitSpectrum chosen = chosen(context, parameters, reader);
        SvdRows rows = new SvdRows(context.model(), parameters.matrix(), chosen);
        String of =
                parameters.matrix().ofHead() ? parameters.layer() + "." + parameters.head() : "" + parameters.layer();
        String title = DIRECTIONS + ", " + rows.name() + " of " + of;
        panels.add(rows.table(title, parameters.directions(), parameters.tokens(), context.prompts()::show));
        return () -> List.copyOf(panels);
    }

    private static CircuitSpectrum chosen(AnalysisContext context, Parameters parameters, HeadReader reader) {
        if (!parameters.matrix().ofHead()) {
            return CircuitSpectrum.of(new MlpReader(context.model()).matrix(parameters.matrix(), parameters.layer()));
        }
        HeadFactors head = reader.layer(parameters.layer()).get(parameters.head());
        return parameters.matrix() == SvdMatrix.OV ? CircuitSpectrum.ov(head) : CircuitSpectrum.qk(head);
    }

    private static List<Panel> heads(Dims dims, HeadReader reader, int top, Progress progress) {
        List<GridBuilder> grids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            grids.add(Grid.builder(Axis.layers(dims.layers()), Axis.heads(dims.heads())));
        }
        for (int layer = 0; layer < dims.layers(); layer++) {
            progress.report(layer, dims.layers(), "layers");
            List<HeadFactors> heads = reader.layer(layer);
            for (int head = 0; head < dims.heads(); head++) {
                progress.checkCancelled();
                CircuitSpectrum ov = CircuitSpectrum.ov(heads.get(head));
                CircuitSpectrum qk = CircuitSpectrum.qk(heads.get(head));
                grids.get(0).set(ov.effectiveRank(), layer, head);
                grids.get(1).set(ov.energy(top), layer, head);
                grids.get(2).set(qk.effectiveRank(), layer, head);
                grids.get(3).set(qk.energy(top), layer, head);
            }
        }
        return List.of(
                rank(RANKS, grids.get(0)),
                energy(ENERGY, top, grids.get(1)),
                rank(QK_RANKS, grids.get(2)),
                energy(QK_ENERGY, top, grids.get(3)));
    }

    private static HeadGrid rank(String title, GridBuilder grid) {
        return new HeadGrid(title, Quantity.unsigned("effective rank", "directions"), grid.snapshot());
    }

    private static HeadGrid energy(String title, int top, GridBuilder grid) {
        return new HeadGrid(title, Quantity.unsigned("energy of the first " + top, "share"), grid.snapshot());
    }

    private static Table mlps(AnalysisContext context, Parameters parameters, Progress progress) {
        MlpReader reader = new MlpReader(context.model());
        List<List<Object>> rows = new ArrayList<>();
        int layers = context.model().config().dims().layers();
        for (int layer = 0; layer < layers; layer++) {
            progress.checkCancelled();
            progress.report(layer, layers, "MLPs");
            CircuitSpectrum mlp = CircuitSpectrum.of(reader.matrix(parameters.matrix(), layer));
            rows.add(List.of(layer, mlp.values().get(0), mlp.effectiveRank(), mlp.energy(parameters.top())));
        }
        return new Table(
                MLPS,
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.number("largest singular value", ""),
                        Table.Column.number("effective rank", "directions"),
                        Table.Column.number("energy of the first " + parameters.top(), "share")),
                rows);
    }

    private static void require(String name, int given, int count) {
        if (given >= count) {
            throw ParameterException.refused(name, Integer.toString(given), "a number from 0 to " + (count - 1));
        }
    }
}
