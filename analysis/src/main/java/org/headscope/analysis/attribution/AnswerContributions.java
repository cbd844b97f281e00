package org.headscope.analysis.attribution;

import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.forward.TokenBatch;

/**
 * What heads and MLPs write towards tokens at the last position of one prompt: direct logit attribution onto a token's logit
 * minus the mean logit, with the final norm's scale held.
 *
 * @param heads per token, {@code [layer * heads + head]}, in logits
 * @param mlps per token, {@code [layer]}, in logits; NaN where there are no MLPs
 * @param receipts of the standing interventions
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record AnswerContributions(List<double[]> heads, List<double[]> mlps, List<ReceiptSummary> receipts) {
    /**
     * Takes one prompt apart.
     *
     * @param context the model and what stands
     * @param prompt token ids
     * @param tokens whose logits are taken apart
     * @return contributions for each token, in one forward
     * @throws org.headscope.hooks.HeadscopeException when the logits of the model are no sum of parts
     */
    public static AnswerContributions of(AnalysisContext context, int[] prompt, int... tokens) {
        DirectLogitAttribution.refuse(
                context.model().config(), context.model().weights().unembed());
        try (Decomposition parts = new Decomposition(context, TokenBatch.of(prompt), prompt.length - 1)) {
            List<double[]> heads = new ArrayList<>();
            List<double[]> mlps = new ArrayList<>();
            for (int token : tokens) {
                Contributions of = parts.of(new Readout(token, null));
                heads.add(of.heads());
                mlps.add(of.mlps());
            }
            List<ReceiptSummary> receipts =
                    parts.receipts().stream().map(ReceiptSummary::of).toList();
            return new AnswerContributions(heads, mlps, receipts);
        }
    }
}
