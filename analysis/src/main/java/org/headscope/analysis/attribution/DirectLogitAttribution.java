package org.headscope.analysis.attribution;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
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

    /** Title of the panel of heads by source token, {@code [layer, position, head]}. */
    public static final String SOURCES = "Contribution of heads by source token";
    /** Title of the table of the strongest cells of that panel. */
    public static final String STRONGEST = "Strongest heads and source tokens";

    /**
     * Parameters.
     *
     * @param prompt what the model reads
     * @param answer token whose logit is taken apart
     * @param foil token whose logit is subtracted
     * @param position where the logits are read
     * @param sources whether heads are split by the tokens they attend to
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
                            help = "Where the logits are read, one or several; negative counts from the end.")
                    List<Integer> position,
            @Param(
                            label = "By source token",
                            defaultValue = "true",
                            help = "Whether each head is split by the tokens it attends to; for a single position.")
                    boolean sources) {
        /** Copies the list. */
        public Parameters {
            position = List.copyOf(position);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("direct-logit-attribution", "Direct logit attribution", AnalysisInfo.Area.ATTRIBUTE)
                .measures("What each part writes towards an answer, when nothing later reacts to it.")
                .formula(
                        "part p: ((p - mean(p)) * gain / s) . u for LayerNorm, (p * gain / s) . u for RMSNorm, with s the "
                                + "final norm's scale in this run and u = W_U[answer] - W_U[foil], or - mean(W_U). "
                                + "Head from source token j: the part A[t,j] v_j W_O of what it writes at t")
                .source(
                        "Elhage et al. 2021, A Mathematical Framework for Transformer Circuits; Wang et al. 2211.00593; "
                                + "TransformerLens ActivationCache")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The sum of all parts is checked against the logits of the same run. Value biases count with their "
                                + "head. Norms behind attention are held at their scale too. With a final soft cap, "
                                + "logits before the cap are taken apart. Value biases go with the attention to each source. "
                                + "A head whose z an intervention changed has no sources. Later reactions and "
                                + "self-repair are not seen.")
                .cost("One forward.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return 1;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        refuse(context.model());
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", parameters.prompt());
        List<Integer> positions = positions(parameters.position(), prompt.length());
        Readout readout = readout(context, parameters);
        progress.report(0, 1, "forward");
        int first = positions.stream().mapToInt(Integer::intValue).min().orElseThrow();
        boolean split = parameters.sources() && positions.size() == 1;
        SourceRows sources = split ? new SourceRows(context.model().config().dims(), first) : null;
        try (Decomposition decomposition =
                new Decomposition(context, new ReadoutPaths(context.model()), prompt.batch(), first, sources)) {
            progress.checkCancelled();
            DirectPanels shown = at(decomposition, prompt, positions, readout);
            List<Panel> panels = new ArrayList<>(shown.of(number(context.model())));
            if (split) {
                var place = new Decomposition.Place(0, first);
                panels.addAll(shown.sources(layer -> decomposition.sources(layer, readout, place)));
            }
            progress.report(1, 1, "done");
            List<ReceiptSummary> receipts =
                    decomposition.receipts().stream().map(ReceiptSummary::of).toList();
            return Findings.of(panels, receipts);
        }
    }

    private static DirectPanels at(
            Decomposition decomposition, EncodedPrompt prompt, List<Integer> positions, Readout readout) {
        List<Contributions> parts = new ArrayList<>();
        List<Double> actual = new ArrayList<>();
        for (int position : positions) {
            var place = new Decomposition.Place(0, position);
            actual.add(decomposition.actual(readout, place));
            parts.add(decomposition.of(readout, place).requireSum(actual.get(actual.size() - 1)));
        }
        return new DirectPanels(prompt.labels(), positions, parts, actual);
    }

    private static String number(HookedTransformer model) {
        return model.config().unembed().softcap() == null ? "model's logit difference" : "before the final soft cap";
    }

    /**
     * Refuses models whose parts do not add up to the logits.
     *
     * @param model the model
     * @throws HeadscopeException telling why not
     */
    public static void refuse(HookedTransformer model) {
        ModelConfig config = model.config();
        UnembedWeights unembed = model.weights().unembed();
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

    private static List<Integer> positions(List<Integer> given, int length) {
        List<Integer> positions = new ArrayList<>();
        for (int one : given) {
            int position = one < 0 ? length + one : one;
            if (position < 0 || position >= length) {
                throw ParameterException.refused(
                        "position", Integer.toString(one), "a position from " + -length + " to " + (length - 1));
            }
            if (!positions.contains(position)) {
                positions.add(position);
            }
        }
        if (positions.isEmpty()) {
            throw ParameterException.refused("position", "", "at least one position");
        }
        return List.copyOf(positions);
    }

    private static Readout readout(AnalysisContext context, Parameters parameters) {
        int vocab = context.model().config().dims().vocab();
        Integer foil = parameters.foil() == null ? null : token(context, "foil", parameters.foil(), vocab);
        return Readout.of(token(context, "answer", parameters.answer(), vocab), foil);
    }

    private static int token(AnalysisContext context, String which, Prompt given, int vocab) {
        int token = context.prompts().answer(given);
        if (token < 0 || token >= vocab) {
            throw ParameterException.refused(which, given.line(), "a token id from 0 to " + (vocab - 1));
        }
        return token;
    }
}
