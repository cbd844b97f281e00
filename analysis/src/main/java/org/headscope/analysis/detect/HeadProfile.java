package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.circuit.CopyingScores;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Ablation;
import org.jspecify.annotations.Nullable;

/** One row per head with all that is usually asked about it, to be sorted. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class HeadProfile implements Analysis<HeadProfile.Parameters, Findings> {
    static final String TABLE = "Heads";

    private static final int DETECTOR_LENGTH = 25;
    private static final int COPIES = 2;

    /**
     * Parameters.
     *
     * @param text natural text, cut into sequences
     * @param sequences most sequences; as many random ones
     * @param length tokens per sequence
     * @param bos whether a beginning-of-sequence token stands in front
     */
    public record Parameters(
            @Param(label = "Text", help = "Natural text, cut into sequences; without it made-up stories or random ids.")
                    @Nullable
                    Prompt text,
            @Param(label = "Sequences", min = 1, max = 1000, defaultValue = "8", help = "How many sequences at most.")
                    int sequences,
            @Param(
                            label = "Length",
                            unit = "tokens",
                            min = 16,
                            max = 8192,
                            defaultValue = "64",
                            help = "Tokens per sequence, cut to the model's context.")
                    int length,
            @Param(
                            label = "BOS",
                            defaultValue = "true",
                            help = "Whether a beginning-of-sequence token stands in front, where its id is known.")
                    boolean bos) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("head-profile", "Head profile", AnalysisInfo.Area.DETECT)
                .measures(
                        "For every head: where it looks, how far, how sharply, how much it writes, whether it copies, and "
                                + "what the model loses without it.")
                .formula(
                        "previous, duplicate, induction: head-detectors; sink: attention-sinks at the first position; span = "
                                + "mean of sum_s A[t,s] (t-s); entropy = mean of -sum_s A ln A; |r| = mean norm of z W_O; copying: "
                                + "copying-scores; gate = mean over sequences of |sum_t z . dLoss/dz|; zero, uniform: rise of the "
                                + "mean next-token loss with z = 0, with uniform attention")
                .source(
                        "The definitions of head-detectors, attention-sinks, copying-scores and head-ablation; span: Li et al. "
                                + "2510.13554; gate: Michel et al. 1905.10650")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Previous, duplicate and induction are measured on random repeated ids, copying on the weights, all "
                                + "else on the sequences of the text. The gate gradient is the slope at the full model and "
                                + "is not normalised per layer; it only announces what ablation measures. Single ablations "
                                + "miss what backup heads replace. Copying is missing where the weights cannot be read "
                                + "through the vocabulary. |r| is taken before a norm on the attention output, if any.")
                .cost("One forward and one backward per sequence, two partial forwards per head and sequence, batched.")
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
        // Resuming behind the ablated layer saves half of each ablation on average; a backward costs about two
        // forwards.
        return parameters.sequences() * (5 + dims.layers() * (double) dims.heads());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        SinkSequences of = new Calibration(
                        parameters.text(), parameters.sequences(), parameters.length(), parameters.bos())
                .draw(context);
        Dims dims = context.model().config().dims();
        List<HeadColumn> columns = new ArrayList<>();
        detectors(context, parameters, progress, columns);
        var reading = new ProfileReading(context, of, progress);
        List<ReceiptSummary> standing = reading.attention(columns);
        var effects = new ProfileEffects(context, of, progress);
        columns.add(new HeadColumn("Gate gradient", "nats", false, effects.gateGradient()));
        columns.add(new HeadColumn("Zero ablation", "nats", true, effects.ablation(new Ablation.Zero())));
        columns.add(new HeadColumn("Uniform ablation", "nats", true, effects.ablation(new Ablation.Uniform())));
        List<Panel> panels = new ArrayList<>();
        @Nullable HeadGrid copying = copying(context, progress);
        panels.add(table(dims, columns, copying == null ? null : copying.grid(), of));
        columns.forEach(column -> panels.add(column.panel(context.seed())));
        if (copying != null) {
            panels.add(copying);
        }
        return new ScanFindings(panels, standing);
    }

    private static void detectors(
            AnalysisContext context, Parameters parameters, Progress progress, List<HeadColumn> columns) {
        Dims dims = context.model().config().dims();
        List<HeadScores> scores = HeadDetectors.scores(dims);
        // All tokens of a copy differ, and one more stands in front.
        int length = Math.min(DETECTOR_LENGTH, dims.vocab() - 2);
        var random =
                new HeadDetectors.Parameters(length, COPIES, parameters.sequences(), -1, List.of(), null, false, false);
        HeadDetectors.onRandomTokens(context, random, progress, scores);
        for (int k = 0; k < scores.size(); k++) {
            columns.add(new HeadColumn(PatternMasks.KINDS[k], "", false, scores.get(k)));
        }
    }

    /** Null where the weights cannot be read through the vocabulary. */
    private static @Nullable HeadGrid copying(AnalysisContext context, Progress progress) {
        progress.checkCancelled();
        try {
            Findings found = new CopyingScores().run(context, new CopyingScores.Parameters(1), progress);
            return (HeadGrid) found.panels().get(0);
        } catch (CancelledException e) {
            throw e;
        } catch (HeadscopeException e) {
            return null;
        }
    }

    private static Table table(Dims dims, List<HeadColumn> columns, @Nullable Grid copying, SinkSequences of) {
        List<Table.Column> heads = new ArrayList<>();
        heads.add(Table.Column.text("head"));
        heads.add(Table.Column.integer("key-value head"));
        columns.forEach(column -> heads.add(Table.Column.number(column.name(), column.unit())));
        heads.add(Table.Column.number(CopyingScores.SCORES, ""));
        heads.add(Table.Column.text("sequences of"));
        List<List<Object>> rows = new ArrayList<>();
        for (int l = 0; l < dims.layers(); l++) {
            for (int h = 0; h < dims.heads(); h++) {
                List<Object> row = new ArrayList<>();
                row.add(l + "." + h);
                row.add(h / dims.group());
                for (HeadColumn column : columns) {
                    row.add(column.scores().mean(l, h));
                }
                row.add(copying == null ? Double.NaN : copying.at(l, h));
                row.add(of.label());
                rows.add(row);
            }
        }
        return new Table(TABLE, heads, rows);
    }
}
