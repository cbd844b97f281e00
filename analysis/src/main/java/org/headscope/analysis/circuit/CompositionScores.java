package org.headscope.analysis.circuit;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;

/** How much the queries, keys and values of each head can read of what each earlier head writes. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class CompositionScores implements Analysis<CompositionScores.Parameters, Findings> {
    /** Title of the table of the pairs with the highest scores of each kind. */
    public static final String STRONGEST = "Strongest pairs";
    /** Title of the table of the baselines. */
    public static final String CHANCE = "Composition by chance";

    /**
     * Parameters.
     *
     * @param listed rows of the table for each kind
     * @param draws pairs of random heads for the baseline
     */
    public record Parameters(
            @Param(
                            label = "Listed",
                            defaultValue = "10",
                            min = 1,
                            max = 1000,
                            help = "How many pairs of each kind the table names.")
                    int listed,
            @Param(
                            label = "Random pairs",
                            defaultValue = "20",
                            min = 2,
                            max = 10000,
                            help = "How many pairs of Gaussian heads make the baseline.")
                    int draws) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("composition-scores", "Composition scores", AnalysisInfo.Area.CIRCUIT)
                .measures(
                        "How much of what an earlier head writes reaches the queries, keys and values of a later one.")
                .formula("Q = |OV1 QK2| / (|OV1| |QK2|), K = |OV1 QK2^T| / (|OV1| |QK2|), "
                        + "V = |OV1 OV2| / (|OV1| |OV2|), Frobenius norms, OV = W_V W_O, QK = W_Q W_K^T, row vectors; "
                        + "minus the mean for Gaussian factors of the same shape; against random rotations: "
                        + "(score^2 - 1/d) / deviation of score^2 for circuits with the same singular values")
                .source("Elhage et al. 2021, A Mathematical Framework for Transformer Circuits, "
                        + "transformer-circuits.pub/2021/framework")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The weights of the open model, whose norm gains are folded into what reads from them, and "
                                + "LayerNorm's centring too: fold_ln beforehand changes nothing. Raw weights also write a "
                                + "mean that LayerNorm removes and that counts in |OV|; center_writing_weights takes it "
                                + "out. Norm denominators, biases, MLPs in between and the active mask are left out. With "
                                + "rotary positions Q and K hold for a token and itself (offset 0). Heads of a group share "
                                + "W_K and W_V. Scores of heads with different spectra do not compare well: heads of low "
                                + "rank vary more. The panels against random rotations hold every pair against its own "
                                + "singular values, by exact moments of random rotations.")
                .cost("No forward. Products of d_head by d_model matrices for every pair of layers.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        Dims dims = context.model().config().dims();
        HeadReader reader = HeadReader.of(context.model(), "Composition");
        if (dims.layers() < 2) {
            throw new HeadscopeException(
                    "Composition needs a head in an earlier layer than another, but this model has "
                            + "one layer. Use copying-scores.");
        }
        ChanceComposition chance = ChanceComposition.draw(dims, parameters.draws(), context.seed());
        CompositionGrids grids = new CompositionGrids(dims, chance);
        List<LayerCircuits> writers = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            progress.report(layer, dims.layers(), "layers");
            List<HeadFactors> heads = reader.layer(layer);
            enter(grids, writers, heads, progress);
            writers.add(LayerCircuits.writing(heads));
        }
        List<Panel> panels = grids.panels(parameters.listed());
        return () -> panels;
    }

    private static void enter(
            CompositionGrids grids, List<LayerCircuits> writers, List<HeadFactors> heads, Progress progress) {
        RotationNull rotated = new RotationNull(heads.get(0).o().rows());
        for (Composition kind : Composition.values()) {
            LayerCircuits readers = LayerCircuits.reading(heads, kind);
            for (int sender = 0; sender < writers.size(); sender++) {
                progress.checkCancelled();
                double[][] scores = writers.get(sender).with(readers);
                double[][] deviations = writers.get(sender).aboveRotated(scores, readers, rotated);
                grids.put(kind, sender, writers.size(), scores, deviations);
            }
        }
    }
}
