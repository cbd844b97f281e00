package org.headscope.analysis.reading;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import com.google.auto.service.AutoService;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.generate.PromptReader;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Where one head, or every head of one layer, looks; patterns of other layers are not kept. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class AttentionPatterns implements Analysis<AttentionPatterns.Parameters, Findings> {
    /** Title of the panel. */
    public static final String PATTERN = "Attention pattern";

    /* Shorter prompts are read in one piece, exactly as in any other run. */
    private static final int ROWS_AT_ONCE = 256;

    /**
     * Parameters.
     *
     * @param prompt what the model reads
     * @param layer which layer
     * @param head which head, or -1 for all of the layer
     * @param cells most cells of the picture per side
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads.") Prompt prompt,
            @Param(label = "Layer", min = 0, defaultValue = "0", help = "Which layer, counted from 0.") int layer,
            @Param(label = "Head", min = -1, defaultValue = "-1", help = "Which head of it; -1 for all.") int head,
            @Param(
                            label = "Cells per side",
                            min = 16,
                            max = 8192,
                            defaultValue = "1024",
                            help = "Longer prompts have several tokens per cell: attention is summed over its keys and"
                                    + " averaged over its queries.")
                    int cells) {}

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
                                + "than cells the title says how many share a cell; rows still sum to 1. Attention is not "
                                + "contribution: compare with patching or attribution.")
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
        check(context.model().config().dims(), parameters);
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", parameters.prompt());
        int heads = parameters.head() < 0 ? context.model().config().dims().heads() : 1;
        PooledPattern pooled = new PooledPattern(prompt.length(), parameters.cells(), heads);
        HookSite site = HookSite.of(SiteKind.PATTERN, parameters.layer());
        List<SiteEdit> standing = new Interventions(context.model().config()).compile(context.standing());
        List<Receipt> receipts = new PromptReader(context.model(), ROWS_AT_ONCE)
                .read(prompt.ids(), standing, site, (first, pattern) -> {
                    progress.checkCancelled();
                    progress.report(first, prompt.length(), "reading");
                    pooled.add(first, (int) pattern.getShape().get(2), rows(pattern, parameters.head()));
                });
        return Findings.of(
                List.of(map(prompt, pooled, parameters)),
                receipts.stream().map(ReceiptSummary::of).toList());
    }

    /** Of one head or all, {@code [head, rows, keys]}. */
    private static float[] rows(NDArray pattern, int head) {
        if (head < 0) {
            return pattern.toFloatArray();
        }
        try (NDArray one = pattern.get(new NDIndex().addAllDim().addIndices(head))) {
            return one.toFloatArray();
        }
    }

    private static void check(Dims dims, Parameters parameters) {
        if (parameters.layer() >= dims.layers()) {
            throw ParameterException.refused(
                    "layer", Integer.toString(parameters.layer()), "a layer from 0 to " + (dims.layers() - 1));
        }
        if (parameters.head() >= dims.heads()) {
            throw ParameterException.refused(
                    "head", Integer.toString(parameters.head()), "a head from -1 to " + (dims.heads() - 1));
        }
    }

    private static AttentionMap map(EncodedPrompt prompt, PooledPattern pooled, Parameters parameters) {
        List<String> labels = pooled.labels(prompt.labels());
        Axis query = Axis.labelled(Axis.QUERY, labels);
        Axis key = Axis.labelled(Axis.KEY, labels);
        int tokens = pooled.tokens();
        String shared = tokens == 1 ? "" : ", " + tokens + " x " + tokens + " tokens per cell";
        Quantity quantity = Quantity.unsigned(
                tokens == 1
                        ? "attention"
                        : "attention, summed over " + tokens + " keys, mean of " + tokens + " queries",
                "");
        int head = parameters.head();
        if (head < 0) {
            Grid all = Grid.of(List.of(Axis.heads(pooled.heads()), query, key), pooled.values());
            return new AttentionMap(PATTERN + " of layer " + parameters.layer() + shared, quantity, all);
        }
        String title = PATTERN + " of head " + parameters.layer() + "." + head + shared;
        return new AttentionMap(title, quantity, Grid.of(List.of(query, key), pooled.values()));
    }
}
