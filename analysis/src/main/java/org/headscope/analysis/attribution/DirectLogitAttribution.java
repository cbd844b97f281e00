package org.headscope.analysis.attribution;

import com.google.auto.service.AutoService;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.weights.UnembedWeights;
import org.jspecify.annotations.Nullable;

/** How much every head, MLP, embedding and bias says for an answer, by the direct path to the logits. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class DirectLogitAttribution implements Analysis<DirectLogitAttribution.Parameters, Findings> {
    /** Title of the panel of heads. */
    public static final String HEADS = "Direct logit attribution of heads";
    /** Title of the table of all parts. */
    public static final String PARTS = "Direct logit attribution of parts";
    /** Title of the curve over layers. */
    public static final String LAYERS = "Direct logit attribution by layer";
    /** Title of the table that holds the sum against the model's own number. */
    public static final String CHECK = "Sum of the parts";

    private static final double TOLERANCE = 1e-3;
    /* Parts may cancel down to almost nothing; then the error is held against one percent of their size instead. */
    private static final double SHARE_OF_SIZE = 1e-2;

    /**
     * Parameters.
     *
     * @param prompt what the model reads
     * @param answer token whose logit is taken apart
     * @param foil token whose logit is subtracted
     * @param position where the logits are read
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads.") Prompt prompt,
            @Param(label = "Answer", help = "Token whose logit is taken apart, with its leading space, or ids:N.")
                    Prompt answer,
            @Param(
                            label = "Foil",
                            help = "Token whose logit is subtracted; without one, the mean over the vocabulary is.")
                    @Nullable
                    Prompt foil,
            @Param(
                            label = "Position",
                            unit = "tokens",
                            defaultValue = "-1",
                            help = "Where the logits are read; negative counts from the end.")
                    int position) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("direct-logit-attribution", "Direct logit attribution", AnalysisInfo.Area.ATTRIBUTE)
                .measures("What each part writes towards an answer, when nothing later reacts to it.")
                .formula(
                        "part p: ((p - mean(p)) * gain / s) . u for LayerNorm, (p * gain / s) . u for RMSNorm, with s the "
                                + "final norm's scale in this run and u = W_U[answer] - W_U[foil], or - mean(W_U)")
                .source(
                        "Elhage et al. 2021, A Mathematical Framework for Transformer Circuits; Wang et al. 2211.00593; "
                                + "TransformerLens ActivationCache")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The sum of all parts is checked against the logits of the same run. Value biases count with their "
                                + "head. Norms behind attention are held at their scale too. With a final soft cap, "
                                + "logits before the cap are taken apart. Later reactions and self-repair are not seen.")
                .cost("One forward.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        ModelConfig config = context.model().config();
        refuse(config, context.model().weights().unembed());
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", parameters.prompt());
        int position = position(parameters.position(), prompt.length());
        Readout readout = readout(context, parameters);
        progress.report(0, 1, "forward");
        try (Decomposition decomposition = new Decomposition(context, prompt.batch(), position)) {
            progress.checkCancelled();
            Contributions parts = decomposition.of(readout);
            double actual = readout.of(decomposition.logits(), config.unembed());
            requireSum(parts, actual);
            progress.report(1, 1, "done");
            List<Panel> panels = List.of(
                    parts.headGrid(HEADS),
                    parts.partTable(PARTS),
                    parts.layerCurve(LAYERS),
                    check(config, parts, actual));
            List<ReceiptSummary> receipts =
                    decomposition.receipts().stream().map(ReceiptSummary::of).toList();
            return Findings.of(panels, receipts);
        }
    }

    /** Refuses models whose logits are no sum of parts. */
    static void refuse(ModelConfig config, UnembedWeights unembed) {
        String why = null;
        if (config.block().arrangement() == Arrangement.POST_NORM) {
            why =
                    "its blocks normalise the residual stream after every addition, so its parts do not add up to the logits";
        } else if (unembed.dense() != null || config.unembed().maskedLm()) {
            why = "a dense layer with an activation stands between its residual stream and the logits";
        } else if (unembed.project() != null) {
            why = "a projection stands between its residual stream and the unembedding";
        }
        if (why != null) {
            throw new HeadscopeException("Direct logit attribution does not apply to this " + config.family()
                    + " model: " + why + ". Use activation-patch or head-ablation.");
        }
    }

    private static int position(int given, int length) {
        int position = given < 0 ? length + given : given;
        if (position < 0 || position >= length) {
            throw ParameterException.refused(
                    "position", Integer.toString(given), "a position from " + -length + " to " + (length - 1));
        }
        return position;
    }

    private static Readout readout(AnalysisContext context, Parameters parameters) {
        int vocab = context.model().config().dims().vocab();
        Integer foil = parameters.foil() == null ? null : token(context, "foil", parameters.foil(), vocab);
        return new Readout(token(context, "answer", parameters.answer(), vocab), foil);
    }

    private static int token(AnalysisContext context, String which, Prompt given, int vocab) {
        int token = context.prompts().answer(given);
        if (token < 0 || token >= vocab) {
            throw ParameterException.refused(which, given.line(), "a token id from 0 to " + (vocab - 1));
        }
        return token;
    }

    private static void requireSum(Contributions parts, double actual) {
        double scale = Math.max(Math.abs(actual), SHARE_OF_SIZE * parts.size());
        // A logit at its soft cap is infinite before the cap; then there is nothing to hold the sum against.
        if (Double.isInfinite(actual) || Math.abs(parts.sum() - actual) <= TOLERANCE * Math.max(scale, TOLERANCE)) {
            return;
        }
        throw new HeadscopeException("The parts add up to " + parts.sum() + " but the model says " + actual
                + ", so the attribution would be wrong. Check for standing interventions on attention or residual outputs "
                + "and for weights that are not finite.");
    }

    private static Table check(ModelConfig config, Contributions parts, double actual) {
        String number = config.unembed().softcap() == null ? "model's logit difference" : "before the final soft cap";
        return new Table(
                CHECK,
                List.of(Table.Column.text("quantity"), Table.Column.number("value", "logits")),
                List.of(
                        List.of("sum of the parts", parts.sum()),
                        List.of(number, actual),
                        List.of("error", parts.sum() - actual)));
    }
}
