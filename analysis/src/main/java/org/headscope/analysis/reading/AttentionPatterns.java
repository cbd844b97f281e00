package org.headscope.analysis.reading;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.Panel;
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
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Where one head, or every head of one layer, looks; patterns of other layers are not kept. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class AttentionPatterns implements Analysis<AttentionPatterns.Parameters, Findings> {
    /** Title of the panel. */
    public static final String PATTERN = "Attention pattern";

    /**
     * Parameters.
     *
     * @param prompt what the model reads
     * @param layer which layer
     * @param head which head, or -1 for all of the layer
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads.") Prompt prompt,
            @Param(label = "Layer", min = 0, defaultValue = "0", help = "Which layer, counted from 0.") int layer,
            @Param(label = "Head", min = -1, defaultValue = "-1", help = "Which head of it; -1 for all.") int head) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("attention-pattern", "Attention pattern", AnalysisInfo.Area.LENS)
                .measures("How much every token attends to every earlier one.")
                .formula(
                        "A[t, s] = softmax over s of q_t . k_s * scale, after mask, window, position bias and soft cap")
                .source("Vaswani et al. 1706.03762")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The probabilities that the model uses, standing interventions included. Attention is not "
                                + "contribution: compare with patching or attribution.")
                .cost("One forward.")
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
        HookSite site = HookSite.of(SiteKind.PATTERN, parameters.layer());
        try (RunResult run = context.model()
                .run(StandingRun.of(context, prompt.batch())
                        .capture(site)
                        .lastLogits()
                        .build())) {
            progress.checkCancelled();
            Panel map = map(prompt, run.cache().get(site).toFloatArray(), parameters);
            List<ReceiptSummary> receipts =
                    run.receipts().stream().map(ReceiptSummary::of).toList();
            return Findings.of(List.of(map), receipts);
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

    private static AttentionMap map(EncodedPrompt prompt, float[] patterns, Parameters parameters) {
        int pairs = prompt.length() * prompt.length();
        int heads = patterns.length / pairs;
        Axis query = Axis.labelled(Axis.QUERY, prompt.labels());
        Axis key = Axis.labelled(Axis.KEY, prompt.labels());
        Quantity quantity = Quantity.unsigned("attention", "");
        int head = parameters.head();
        if (head < 0) {
            Grid all = Grid.of(List.of(Axis.heads(heads), query, key), doubles(patterns));
            return new AttentionMap(PATTERN + " of layer " + parameters.layer(), quantity, all);
        }
        float[] one = Arrays.copyOfRange(patterns, head * pairs, (head + 1) * pairs);
        String title = PATTERN + " of head " + parameters.layer() + "." + head;
        return new AttentionMap(title, quantity, Grid.of(List.of(query, key), doubles(one)));
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }
}
