package org.headscope.analysis.circuit;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.headscope.analysis.linalg.Complex;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.config.Dims;

/** Whether each head raises the tokens it attends to, by the eigenvalues of its full OV circuit. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class CopyingScores implements Analysis<CopyingScores.Parameters, Findings> {
    /** Title of the panel of scores. */
    public static final String SCORES = "Copying score";
    /** Title of the table of the heads that copy most. */
    public static final String BEST = "Heads that copy most";

    /**
     * Parameters.
     *
     * @param listed rows of the table
     */
    public record Parameters(
            @Param(label = "Listed", defaultValue = "10", min = 1, max = 1000, help = "How many heads the table names.")
                    int listed) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("copying-scores", "Copying scores", AnalysisInfo.Area.CIRCUIT)
                .measures(
                        "Whether a head raises the logits of the tokens it attends to (1), lowers them (-1), or neither.")
                .formula("sum(lambda) / sum(|lambda|) over the eigenvalues of W_U W_O W_V W_E, taken from the "
                        + "[d_head, d_head] matrix W_V (W_E^T W_U) W_O, whose nonzero eigenvalues are the same")
                .source("Elhage et al. 2021, A Mathematical Framework for Transformer Circuits, "
                        + "transformer-circuits.pub/2021/framework")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The weights of the open model, whose norm gains are folded into what reads from them, and "
                                + "LayerNorm's centring too: fold_ln beforehand changes nothing, center_unembed does. The "
                                + "norms' denominators, biases, positions, MLPs and the active mask are left out; where the "
                                + "first MLP rewrites the embeddings, as in GPT-2, early heads are misjudged. A head "
                                + "without any path from tokens to logits has no score. Heads of a group share W_V.")
                .cost("No forward. One product over the vocabulary, then one small eigenvalue problem per head.")
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
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        Dims dims = context.model().config().dims();
        HeadReader reader = HeadReader.of(context.model(), "The copying score");
        Matrix tokens = TokenMap.of(context.model());
        List<Spectrum> spectra = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            progress.checkCancelled();
            progress.report(layer, dims.layers(), "layers");
            for (HeadFactors head : reader.layer(layer)) {
                String name = layer + "." + spectra.size() % dims.heads();
                spectra.add(Spectrum.of(name, head, tokens));
            }
        }
        double[] scores = spectra.stream().mapToDouble(Spectrum::score).toArray();
        Grid grid = Grid.of(List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads())), scores);
        return Findings.of(
                new HeadGrid(SCORES, Quantity.signed("copying score", ""), grid), best(spectra, parameters.listed()));
    }

    private record Spectrum(String head, double sum, double size) {
        static Spectrum of(String name, HeadFactors head, Matrix tokens) {
            Matrix small = Matrices.multiply(Matrices.multiply(head.v(), tokens), head.o());
            List<Complex> values = Matrices.eigenvalues(small);
            // Complex eigenvalues come in conjugate pairs, so the sum is real.
            double sum = values.stream().mapToDouble(Complex::real).sum();
            return new Spectrum(
                    name, sum, values.stream().mapToDouble(Complex::abs).sum());
        }

        double score() {
            return size == 0 ? Double.NaN : sum / size;
        }
    }

    private static Table best(List<Spectrum> spectra, int listed) {
        List<List<Object>> rows = spectra.stream()
                .filter(spectrum -> spectrum.size() > 0)
                .sorted(Comparator.comparingDouble(Spectrum::score).reversed())
                .limit(listed)
                .map(CopyingScores::row)
                .toList();
        return new Table(
                BEST,
                List.of(
                        Table.Column.text("head"),
                        Table.Column.number("copying score", ""),
                        Table.Column.number("sum of |lambda|", "")),
                rows);
    }

    private static List<Object> row(Spectrum spectrum) {
        return List.of(spectrum.head(), spectrum.score(), spectrum.size());
    }
}
