package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.LayerPositionGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.jspecify.annotations.Nullable;

/** A few numbers of the residual stream that are thousands of times larger than the rest. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class MassiveActivations implements Analysis<MassiveActivations.Parameters, Findings> {
    static final String MAGNITUDES = "Largest activations by layer";
    static final String TOKENS = "Largest activation of each token, first sequence";
    static final String LARGEST = "Largest activation of each layer";
    static final String MASSIVE = "Massive activations";

    private static final int LISTED = 200;

    /**
     * Parameters.
     *
     * @param text natural text, cut into sequences
     * @param sequences most sequences
     * @param length tokens per sequence
     * @param bos whether a beginning-of-sequence token stands in front
     * @param floor least magnitude
     * @param ratio least multiple of the median magnitude
     */
    public record Parameters(
            @Param(label = "Text", help = "Natural text, cut into sequences; without it made-up stories or random ids.")
                    @Nullable
                    Prompt text,
            @Param(label = "Sequences", min = 1, max = 1000, defaultValue = "10", help = "How many sequences at most.")
                    int sequences,
            @Param(
                            label = "Length",
                            unit = "tokens",
                            min = 16,
                            max = 65536,
                            defaultValue = "128",
                            help = "Tokens per sequence, cut to the model's context.")
                    int length,
            @Param(
                            label = "BOS",
                            defaultValue = "true",
                            help = "Whether a beginning-of-sequence token stands in front, where its id is known.")
                    boolean bos,
            @Param(label = "Floor", min = 0, defaultValue = "100", help = "A massive activation is above this.")
                    double floor,
            @Param(
                            label = "Ratio",
                            min = 1,
                            defaultValue = "1000",
                            help = "It is at least so many times the median magnitude of its hidden state.")
                    double ratio) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("massive-activations", "Massive activations", AnalysisInfo.Area.DETECT)
                .measures("The largest numbers of the residual stream, layer by layer, and which of them are massive.")
                .formula("massive: |x_i| > 100 and |x_i| >= 1000 median_j |x_j| in the state x of one token behind one "
                        + "block; by layer: the three largest |x| and the median |x| over all tokens and channels")
                .source("Sun et al. 2402.17762")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The paper says 'around' 1000 times. Small models have small numbers: the floor is a parameter, "
                                + "and the ratio is shown whether or not it is reached. Row 0 is what enters the first "
                                + "block; post-norm blocks are read behind their last norm. Numbers differ between raw "
                                + "and processed weights.")
                .cost("One forward per batch of sequences.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return parameters.sequences();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        SinkSequences of = new Calibration(
                        parameters.text(), parameters.sequences(), parameters.length(), parameters.bos())
                .draw(context);
        int layers = context.model().config().dims().layers();
        MassiveTally tally = new MassiveTally(layers, new MassiveCriterion(parameters.floor(), parameters.ratio()));
        List<ReceiptSummary> standing = new SiteScan(
                        context,
                        StreamSites.of(context.model()),
                        (value, point, first) -> tally.stream(value, StreamSites.row(point.site()), first))
                .run(of.ids(), done -> {
                    progress.checkCancelled();
                    progress.report(done, of.ids().length, of.label());
                });
        return new ScanFindings(new Shown(context, of, tally).panels(), standing);
    }

    /** What was found, as panels. */
    private record Shown(AnalysisContext context, SinkSequences of, MassiveTally tally) {
        List<Panel> panels() {
            return List.of(curve(), tokens(), largest(), massive());
        }

        private Curve curve() {
            List<Curve.Line> lines = IntStream.range(0, MassiveTally.LINES.size())
                    .mapToObj(i -> tally.top.line(MassiveTally.LINES.get(i), i, context.seed()))
                    .toList();
            return new Curve(
                    MAGNITUDES, Quantity.unsigned("blocks passed", ""), Quantity.unsigned("magnitude", ""), lines);
        }

        private LayerPositionGrid tokens() {
            List<String> labels = Arrays.stream(of.ids()[0])
                    .mapToObj(id -> context.prompts().show(id))
                    .toList();
            double[][] values = tally.firstSequence;
            return new LayerPositionGrid(
                    TOKENS,
                    Quantity.unsigned("magnitude", ""),
                    Grid.of(Axis.layers(values.length), Axis.positions(labels), values));
        }

        private Table largest() {
            List<List<Object>> rows = new ArrayList<>();
            for (int row = 0; row < tally.firstSequence.length; row++) {
                rows.add(row(tally.largest(row)));
            }
            return new Table(LARGEST, columns(), rows);
        }

        private Table massive() {
            return new Table(
                    MASSIVE,
                    columns(),
                    tally.massive().stream().limit(LISTED).map(this::row).toList());
        }

        private static List<Table.Column> columns() {
            return List.of(
                    Table.Column.integer("blocks passed"),
                    Table.Column.integer("sequence"),
                    Table.Column.integer("position"),
                    Table.Column.text("token"),
                    Table.Column.integer("channel"),
                    Table.Column.number("activation", ""),
                    Table.Column.number("magnitude over median", ""));
        }

        private List<Object> row(MassiveTally.Found found) {
            return List.of(
                    found.row(),
                    found.sequence(),
                    found.position(),
                    context.prompts().show(of.ids()[found.sequence()][found.position()]),
                    found.channel(),
                    found.value(),
                    found.ratio());
        }
    }
}
