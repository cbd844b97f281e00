package org.headscope.analysis.sparse;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskScore;
import org.headscope.analysis.task.WilsonInterval;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;

/** How much of attention to old keys can be left out when keys change little from token to token. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class DeltaAttention implements Analysis<DeltaAttention.Parameters, Findings> {
    static final String OUTPUT = "What is left out and what it costs";
    static final String CURVE = "Accuracy and share left out";

    private static final double[] MULTIPLES = {0, 0.25, 0.5, 1, 2, 4};
    private static final int DRAWS = 1000;

    /**
     * Parameters.
     *
     * @param length most tokens of a text
     * @param theta smallest change of a key's component that counts
     * @param window latest keys that stay exact
     * @param texts how many texts are read for the errors of heads
     * @param examples held-out questions
     */
    public record Parameters(
            @Param(
                            label = "Length",
                            unit = "tokens",
                            defaultValue = "0",
                            min = 0,
                            help = "Most tokens of a text; 0 for the whole context.")
                    int length,
            @Param(
                            label = "Theta",
                            defaultValue = "1",
                            min = 0,
                            help =
                                    "Smallest change of a key's component that counts; the table also has 0 to 4 times as"
                                            + " much.")
                    double theta,
            @Param(
                            label = "Window",
                            unit = "tokens",
                            defaultValue = "32",
                            min = 1,
                            help = "How many latest keys stay exact, the query's own included.")
                    int window,
            @Param(label = "Texts", defaultValue = "8", min = 1, help = "Texts read for the errors of heads.")
                    int texts,
            @Param(label = "Examples", defaultValue = "50", min = 1, help = "Held-out questions.") int examples) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("delta-attention", "Delta attention", AnalysisInfo.Area.DETECT)
                .measures("How much of the scores of old keys can be left out when small changes from key to key are "
                        + "ignored, and what that does to heads and to answers.")
                .formula(
                        "khat_s[i] = k_s[i] if |k_s[i] - khat_(s-1)[i]| >= theta, else khat_(s-1)[i]; score = q . khat_s "
                                + "outside the window, q . k_s inside; |q . (khat_s - k_s)| < |q|_1 theta")
                .source("reconstructed after the abstract of 2507.19608 (DeltaLLM)")
                .exactness(
                        AnalysisInfo.Exactness.RECON,
                        "Delta attention, DeltaLLM-inspired: the abstract names thresholded differences of successive "
                                + "tokens in attention and full attention in a local window; formula, threshold on single "
                                + "components, rotated keys and the count of what is saved are reconstructed here. Values "
                                + "say what the rule does, not what that program saves.")
                .cost("For each text one forward per layer and one more; for each question one forward per threshold.")
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
        Dims dims = context.model().config().dims();
        return parameters.texts() * (1.0 + dims.layers()) + (double) MULTIPLES.length * parameters.examples();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        ModelConfig config = context.model().config();
        if (!config.attention().causal()) {
            throw new HeadscopeException("Delta attention follows keys from one token to the next, but this "
                    + config.family() + " model reads in both directions. Choose a decoder.");
        }
        PasskeyTexts source = new PasskeyTexts(context, parameters.length());
        List<EncodedExample> texts = source.questions(Math.max(parameters.texts(), parameters.examples()));
        DeltaErrors errors = new DeltaErrors(context, parameters.theta(), parameters.window());
        for (int i = 0; i < parameters.texts(); i++) {
            progress.checkCancelled();
            errors.read(texts.get(i));
            progress.report(i + 1L, parameters.texts(), "errors of heads");
        }
        var exam = new EditedExam(context, texts.subList(0, parameters.examples()), progress);
        List<Panel> panels = new ArrayList<>(errors.panels(context.seed()));
        panels.addAll(new Costs(config, exam, parameters, new Bootstrap(DRAWS, 0.95, context.seed())).panels());
        return Findings.of(panels, exam.receipts());
    }

    /** The same questions at several thresholds. */
    record Costs(ModelConfig config, EditedExam exam, Parameters parameters, Bootstrap bootstrap) {
        private static final List<Table.Column> COLUMNS = List.of(
                Table.Column.number("theta", ""),
                Table.Column.number("key changes left out", "share"),
                Table.Column.number("products saved", "share"),
                Table.Column.number("divergence from full attention", "nats"),
                Table.Column.number("divergence, lower", "nats"),
                Table.Column.number("divergence, upper", "nats"),
                Table.Column.number("accuracy", ""),
                Table.Column.number("accuracy, lower", ""),
                Table.Column.number("accuracy, upper", ""),
                Table.Column.number("loss", "nats"),
                Table.Column.integer("examples"));

        List<Panel> panels() {
            EditedExam.Said full = exam.ask("asking, full attention", List::of);
            List<List<Object>> rows = new ArrayList<>();
            List<Double> thetas = new ArrayList<>();
            List<Double> accuracies = new ArrayList<>();
            List<Double> savings = new ArrayList<>();
            for (double multiple : MULTIPLES) {
                double theta = multiple * parameters.theta();
                DeltaEdits deltas = new DeltaEdits(config, theta, parameters.window());
                EditedExam.Said said = exam.ask(String.format(Locale.ROOT, "asking, theta %.3g", theta), deltas::all);
                TaskScore score = TaskExam.score(said.answers());
                rows.add(row(theta, deltas, divergences(full, said), score));
                thetas.add(theta);
                accuracies.add(score.accuracy());
                savings.add(deltas.saved());
            }
            return List.of(
                    new Table(OUTPUT, COLUMNS, rows),
                    new Curve(
                            CURVE,
                            Quantity.unsigned("theta", ""),
                            Quantity.unsigned("share", ""),
                            List.of(
                                    new Curve.Line("accuracy on needles", thetas, accuracies),
                                    new Curve.Line("products saved", thetas, savings))));
        }

        private List<Object> row(double theta, DeltaEdits deltas, double[] divergences, TaskScore score) {
            Bootstrap.Ends ends = bootstrap.ofMean(divergences);
            WilsonInterval interval = WilsonInterval.of(score.right(), score.examples());
            return List.of(
                    theta,
                    deltas.sparsity(),
                    deltas.saved(),
                    Arrays.stream(divergences).average().orElseThrow(),
                    ends.lower(),
                    ends.upper(),
                    score.accuracy(),
                    interval.lower(),
                    interval.upper(),
                    score.loss(),
                    score.examples());
        }

        /** KL(full || delta) of the next token, per question. */
        private static double[] divergences(EditedExam.Said full, EditedExam.Said delta) {
            double[] divergences = new double[full.answers().size()];
            for (int i = 0; i < divergences.length; i++) {
                float[] p = full.logProbabilities().get(i);
                float[] q = delta.logProbabilities().get(i);
                for (int token = 0; token < p.length; token++) {
                    divergences[i] += Math.exp(p[token]) * ((double) p[token] - q[token]);
                }
            }
            return divergences;
        }
    }
}
