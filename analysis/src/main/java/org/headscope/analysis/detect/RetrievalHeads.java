package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.SecretNeedle;
import org.headscope.hooks.config.Dims;
import org.jspecify.annotations.Nullable;

/** Heads that attend to the token they make the model copy out of a long text. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class RetrievalHeads implements Analysis<RetrievalHeads.Parameters, Findings> {
    /** Title of the panel of scores by the definition of the paper, {@code [layer, head]}. */
    public static final String PAPER = "Retrieval score (paper)";

    static final String CODE = "Retrieval score (code)";
    static final String FREQUENCY = "Activation frequency";
    static final String RUNS = "Runs";

    /** A head with a higher score is a retrieval head. */
    static final double RETRIEVES = 0.1;

    private static final int SHOWN = 10;

    /**
     * Parameters.
     *
     * @param haystack long text; made up when all four texts are missing
     * @param needle sentence that is hidden in it
     * @param answer part of the needle that is asked for
     * @param question what stands at the end
     * @param lengths tokens of the whole prompt
     * @param depths number of places from the front to the end
     * @param sets how many needles, when they are made up
     */
    public record Parameters(
            @Param(label = "Haystack", help = "Long text; without the four texts made up from words of the tokenizer.")
                    @Nullable
                    Prompt haystack,
            @Param(label = "Needle", help = "Sentence that is hidden in it, with its leading space.") @Nullable
                    Prompt needle,
            @Param(label = "Answer", help = "Part of the needle that is asked for, with its leading space.") @Nullable
                    Prompt answer,
            @Param(label = "Question", help = "What stands at the end, with its leading space.") @Nullable
                    Prompt question,
            @Param(label = "Lengths", defaultValue = "128,256", help = "Tokens of the whole prompt.")
                    List<Integer> lengths,
            @Param(label = "Depths", defaultValue = "10", min = 1, help = "Places of the needle, front to end.")
                    int depths,
            @Param(label = "Needles", defaultValue = "3", min = 1, help = "How many needles, when they are made up.")
                    int sets) {
        /** Copies the list. */
        public Parameters {
            lengths = List.copyOf(lengths);
        }

        NeedleRuns.Plan plan(long seed) {
            NeedleRuns.Texts texts = new NeedleRuns.Texts(haystack, needle, answer, question);
            return new NeedleRuns.Plan(texts, lengths, depths, sets, SecretNeedle.Kind.PLAIN, seed);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("retrieval-heads", "Retrieval heads", AnalysisInfo.Area.DETECT)
                .measures("Which heads attend to the token that the model copies out of a needle in a haystack.")
                .formula(
                        "A head copies a generated token w when w is in the answer k, its attention of that step is highest"
                                + " inside the needle, and w stands there. paper: |copied tokens| / |k|, as sets; code: copying steps"
                                + " / |k|, can exceed 1; both averaged over runs with recall above 0.5")
                .source("Wu et al. 2404.15574, paper and code")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Recall is of answer tokens, in place of ROUGE-1 of words. Lengths and number of runs are scaled to"
                                + " small models. Attention alone does not show that a task needs a head: see retrieval-causal.")
                .cost("One forward of the prompt and one step per answer token, for each length, depth and needle.")
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
        int needles = parameters.needle() == null ? parameters.sets() : 1;
        return (double) needles * parameters.lengths().size() * parameters.depths();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        List<NeedleRun> runs = NeedleRuns.of(context, parameters.plan(context.seed()));
        RetrievalScan scan = RetrievalScan.of(context, runs, progress);
        return Findings.of(panels(context.model().config().dims(), scan.tally(), runs.size()), scan.receipts());
    }

    private static List<Panel> panels(Dims dims, RetrievalTally tally, int runs) {
        return List.of(
                grid(dims, PAPER, "share of answer tokens", tally.paper()),
                grid(dims, CODE, "copies per answer token", tally.code()),
                grid(dims, FREQUENCY, "share of runs", tally.frequency()),
                strongest(dims, tally),
                summary(tally, runs));
    }

    private static HeadGrid grid(Dims dims, String title, String quantity, double[] values) {
        Grid grid = Grid.of(List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads())), values);
        return new HeadGrid(title, Quantity.unsigned(quantity, ""), grid);
    }

    private static Table strongest(Dims dims, RetrievalTally tally) {
        double[] scores = tally.paper();
        double[] spread = tally.spread();
        List<List<Object>> rows = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .limit(SHOWN)
                .filter(i -> scores[i] > 0)
                .<List<Object>>map(i -> {
                    int head = i % dims.heads();
                    return List.of(
                            i / dims.heads() + "." + head,
                            head / dims.group(),
                            scores[i],
                            spread[i],
                            scores[i] > RETRIEVES);
                })
                .toList();
        return new Table(
                "Strongest heads",
                List.of(
                        Table.Column.text("head"),
                        Table.Column.integer("key-value head"),
                        Table.Column.number("score (paper)", ""),
                        Table.Column.number("standard deviation over runs", ""),
                        new Table.Column("above 0.1", "", Table.Type.BOOLEAN)),
                rows);
    }

    private static Table summary(RetrievalTally tally, int runs) {
        long retrieve = IntStream.range(0, tally.paper().length)
                .filter(i -> tally.paper()[i] > RETRIEVES)
                .count();
        return new Table(
                RUNS,
                List.of(
                        Table.Column.integer("runs"),
                        Table.Column.integer("needle found"),
                        Table.Column.integer("heads above 0.1"),
                        Table.Column.integer("heads")),
                List.of(List.of(runs, tally.kept(), retrieve, tally.paper().length)));
    }
}
