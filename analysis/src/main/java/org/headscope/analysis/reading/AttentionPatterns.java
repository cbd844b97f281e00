package org.headscope.analysis.reading;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.run.Receipt;

/** Where one head, every head of a layer or of all layers, or the heads of a layer on average look. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class AttentionPatterns implements Analysis<AttentionPatterns.Parameters, Findings> {
    /** What the title of the panel begins with. */
    public static final String PATTERN = "Attention pattern";

    /**
     * Parameters.
     *
     * @param prompt what the model reads
     * @param layer which layer, or -1 for all
     * @param head which head, or -1 for all of the layer
     * @param mean whether the heads of the layer are shown as their mean
     * @param leaveOut how many keys at the start are left out of the picture
     * @param cells most cells of the picture per side
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads.") Prompt prompt,
            @Param(
                            label = "Layer",
                            min = -1,
                            defaultValue = "0",
                            help = "Which layer, counted from 0; -1 for all heads of all layers.")
                    int layer,
            @Param(label = "Head", min = -1, defaultValue = "-1", help = "Which head of it; -1 for all.") int head,
            @Param(
                            label = "Mean of the heads",
                            defaultValue = "false",
                            help = "Whether the heads of the layer are shown as one pattern, their mean.")
                    boolean mean,
            @Param(
                            label = "Leave out",
                            unit = "keys",
                            min = 0,
                            defaultValue = "0",
                            help =
                                    "How many keys at the start are left out, so that a sink does not take all of the"
                                            + " colour. Their columns are blank, and a cell of several tokens sums only the"
                                            + " keys that are left. Other numbers stay as they are: rows then sum to less than 1.")
                    int leaveOut,
            @Param(
                            label = "Cells per side",
                            min = 16,
                            max = 8192,
                            defaultValue = "1024",
                            help = "Longer prompts have several tokens per cell: attention is summed over its keys and"
                                    + " averaged over its queries.")
                    int cells) {
        boolean allLayers() {
            return layer < 0;
        }

        /** Layers that are read, ascending. */
        List<Integer> layers(int all) {
            return allLayers() ? IntStream.range(0, all).boxed().toList() : List.of(layer);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("attention-pattern", "Attention pattern", AnalysisInfo.Area.LENS)
                .measures("How much every token attends to every earlier one.")
                .formula(
                        "A[t, s] = softmax over s of q_t . k_s * scale, after mask, window, position bias and soft cap")
                .source("Vaswani et al. 1706.03762")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The probabilities that the model uses, standing interventions included. With more tokens "
                                + "than cells the title says how many share a cell; rows still sum to 1 unless keys are left "
                                + "out. Attention is not contribution: compare with patching or attribution.")
                .cost(
                        "One forward. Long prompts are read piece by piece, so memory does not grow with the square of the"
                                + " length.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        Dims dims = context.model().config().dims();
        PatternChecks.check(dims, parameters);
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", parameters.prompt());
        int heads = parameters.head() < 0 && !parameters.mean() ? dims.heads() : 1;
        int layers = parameters.layers(dims.layers()).size();
        var extent = new PooledPattern.Extent(prompt.length(), parameters.leaveOut(), layers, heads);
        PatternChecks.check(extent, parameters);
        PooledPattern pooled = new PooledPattern(extent, parameters.cells());
        List<Receipt> receipts = read(context, prompt, parameters, pooled, progress);
        return Findings.of(
                List.of(map(prompt, pooled, extent, parameters)),
                receipts.stream().map(ReceiptSummary::of).toList());
    }

    private static List<Receipt> read(
            AnalysisContext context,
            EncodedPrompt prompt,
            Parameters parameters,
            PooledPattern pooled,
            Progress progress) {
        List<Integer> layers = parameters.layers(context.model().config().dims().layers());
        return PatternReader.read(
                context.model(), prompt.ids(), context.standing(), layers, (layer, first, pattern) -> {
                    progress.checkCancelled();
                    int place = layer - layers.get(0);
                    int queries = (int) pattern.getShape().get(2);
                    progress.report(first + (long) queries * place / layers.size(), prompt.length(), "reading");
                    pooled.add(place, first, queries, rows(pattern, parameters));
                });
    }

    /** Of one head, of all or their mean, {@code [head, rows, keys]}: only these are brought over from the engine. */
    private static float[] rows(NDArray pattern, Parameters parameters) {
        if (parameters.head() < 0 && !parameters.mean()) {
            return pattern.toFloatArray();
        }
        try (NDArray one = parameters.mean()
                ? pattern.mean(new int[] {1})
                : pattern.get(new NDIndex().addAllDim().addIndices(parameters.head()))) {
            return one.toFloatArray();
        }
    }

    private static AttentionMap map(
            EncodedPrompt prompt, PooledPattern pooled, PooledPattern.Extent extent, Parameters parameters) {
        List<String> labels = pooled.labels(prompt.labels());
        List<Axis> axes = new ArrayList<>();
        if (parameters.allLayers()) {
            axes.add(Axis.layers(extent.layers()));
        }
        if (parameters.head() < 0 && !parameters.mean()) {
            axes.add(Axis.heads(extent.heads()));
        }
        axes.add(Axis.labelled(Axis.QUERY, labels));
        axes.add(Axis.labelled(Axis.KEY, labels));
        return new AttentionMap(title(pooled.tokens(), parameters), quantity(pooled.tokens()), pooled.grid(axes));
    }

    private static String title(int tokens, Parameters parameters) {
        String shared = tokens == 1 ? "" : ", " + tokens + " x " + tokens + " tokens per cell";
        int out = parameters.leaveOut();
        String without = out == 0 ? "" : out == 1 ? ", first key left out" : ", first " + out + " keys left out";
        return PATTERN + " of " + whose(parameters) + shared + without;
    }

    private static String whose(Parameters parameters) {
        if (parameters.allLayers()) {
            return "all heads";
        }
        if (parameters.head() >= 0) {
            return "head " + parameters.layer() + "." + parameters.head();
        }
        return "layer " + parameters.layer() + (parameters.mean() ? ", mean of its heads" : "");
    }

    private static Quantity quantity(int tokens) {
        return Quantity.unsigned(
                tokens == 1
                        ? "attention"
                        : "attention, summed over " + tokens + " keys, mean of " + tokens + " queries",
                "");
    }
}
