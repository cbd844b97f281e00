package org.headscope.analysis.circuit;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.tokens.TextTokenizer;
import org.jspecify.annotations.Nullable;

/** Whether a head that attends to a name writes that name: the copy score of the indirect-object circuit. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class NameCopying implements Analysis<NameCopying.Parameters, Findings> {
    /** Title of the panel of shares of names that are copied. */
    public static final String COPIES = "Copy score";
    /** Title of the panel of shares of names that are written with the opposite sign. */
    public static final String SUPPRESSES = "Negative copy score";
    /** Title of the table of the heads with the highest scores. */
    public static final String STRONGEST = "Strongest heads";

    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    /**
     * Parameters.
     *
     * @param tokens what to copy, as ids; null for first names that are single tokens
     * @param count how many names at most
     * @param top how near the top the token itself must come
     * @param listed rows of the table
     */
    public record Parameters(
            @Param(
                            label = "Tokens",
                            help = "Tokens to copy, as ids:1,2,3; without them, first names that are single tokens.")
                    @Nullable
                    Prompt tokens,
            @Param(label = "Names", defaultValue = "100", min = 1, max = 100_000, help = "How many names at most.")
                    int count,
            @Param(label = "Among the first", defaultValue = "5", min = 1, help = "Where the token itself must be.")
                    int top,
            @Param(label = "Listed", defaultValue = "10", min = 1, max = 1000, help = "How many heads the table names.")
                    int listed) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("name-copying", "Copying of names", AnalysisInfo.Area.CIRCUIT)
                .measures("Whether a head, when it attends to a name, raises that name above all but a few tokens, or"
                        + " lowers it.")
                .formula(
                        "r = residual stream behind block 0 at the name; z = W_V norm(r) + b_V with the head's own first"
                                + " norm; logits = unembed(norm_final(z W_O)); score = share of names among the first 5 of their"
                                + " own logits; negative score: the same with -z W_O")
                .source("Wang et al. 2211.00593, section 3.2 and appendix")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The name is read alone, behind a beginning-of-sequence token where the model has one; in the"
                                + " paper it stands in the prompt. Ties count against the head. Heads of layer 0 cannot"
                                + " read what block 0 writes and have no score. The active mask is left out. By chance"
                                + " the score is 5 / vocabulary.")
                .cost("One short forward per name, and per head two unembeddings of all names.")
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
        HookedTransformer model = context.model();
        Dims dims = model.config().dims();
        HeadReader reader = HeadReader.of(model, "The copy score");
        TokenMap.requireDirect(model);
        if (dims.layers() < 2) {
            throw new HeadscopeException(
                    "The copy score reads heads behind block 0, but this model has one layer. Use copying-scores.");
        }
        int[] names = names(context, parameters);
        CopyTrial trial = CopyTrial.of(context, names, parameters.top());
        double[][] copied = new double[dims.layers() * dims.heads()][];
        double[][] lowered = new double[copied.length][];
        for (int layer = 1; layer < dims.layers(); layer++) {
            progress.report(layer - 1L, dims.layers() - 1L, "layers");
            List<HeadFactors> heads = reader.layer(layer);
            float[][] values = trial.values(layer);
            for (int head = 0; head < dims.heads(); head++) {
                progress.checkCancelled();
                int at = layer * dims.heads() + head;
                copied[at] =
                        trial.hits(values[head / dims.group()], heads.get(head).o(), 1);
                lowered[at] =
                        trial.hits(values[head / dims.group()], heads.get(head).o(), -1);
            }
        }
        Scores up = new Scores(dims, copied, context.seed());
        Scores down = new Scores(dims, lowered, context.seed());
        return Findings.of(
                up.grid(COPIES), down.grid(SUPPRESSES), strongest(up, down, parameters.listed(), names.length));
    }

    private static int[] names(AnalysisContext context, Parameters parameters) {
        int vocab = context.model().config().dims().vocab();
        if (parameters.tokens() != null) {
            int[] ids = context.prompts().encode("tokens", parameters.tokens()).ids().stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            if (ids.length == 0 || IntStream.of(ids).anyMatch(id -> id < 0 || id >= vocab)) {
                throw ParameterException.refused(
                        "tokens", parameters.tokens().line(), "token ids from 0 to " + (vocab - 1));
            }
            return ids;
        }
        TaskEncoder encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        TextTokenizer tokenizer = Objects.requireNonNull(context.model().tokenizer());
        return encoder.words().list(1, "names").stream()
                .limit(parameters.count())
                .mapToInt(name -> tokenizer.idOfSingleToken(" " + name))
                .toArray();
    }

    /** Hits of every head, 0 or 1 for every name; null for heads without a score. */
    @SuppressWarnings("ArrayRecordComponent") // averaged, never compared
    private record Scores(Dims dims, double[] @Nullable [] hits, long seed) {
        double mean(int cell) {
            double[] own = hits[cell];
            return own == null ? Double.NaN : Arrays.stream(own).average().orElseThrow();
        }

        private Bootstrap.Ends ends(int cell) {
            double[] own = hits[cell];
            return own == null
                    ? new Bootstrap.Ends(Double.NaN, Double.NaN)
                    : new Bootstrap(DRAWS, LEVEL, seed).ofMean(own);
        }

        HeadGrid grid(String title) {
            List<Axis> axes = List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads()));
            int cells = hits.length;
            Interval interval = new Interval(
                    LEVEL,
                    "percentile bootstrap over names, " + DRAWS + " draws",
                    Grid.of(
                            axes,
                            IntStream.range(0, cells)
                                    .mapToDouble(i -> ends(i).lower())
                                    .toArray()),
                    Grid.of(
                            axes,
                            IntStream.range(0, cells)
                                    .mapToDouble(i -> ends(i).upper())
                                    .toArray()));
            double[] means = IntStream.range(0, cells).mapToDouble(this::mean).toArray();
            return new HeadGrid(title, Quantity.unsigned("share of names", ""), Grid.of(axes, means), interval);
        }
    }

    private static Table strongest(Scores up, Scores down, int listed, int names) {
        List<List<Object>> rows = new ArrayList<>();
        IntStream.range(0, up.hits.length)
                .boxed()
                .filter(i -> up.hits[i] != null)
                .sorted(Comparator.comparingDouble((Integer i) -> -Math.max(up.mean(i), down.mean(i))))
                .limit(listed)
                .forEach(i -> rows.add(
                        List.of(i / up.dims.heads() + "." + i % up.dims.heads(), up.mean(i), down.mean(i), names)));
        return new Table(
                STRONGEST,
                List.of(
                        Table.Column.text("head"),
                        Table.Column.number("copy score", ""),
                        Table.Column.number("negative copy score", ""),
                        Table.Column.integer("names")),
                rows);
    }
}
