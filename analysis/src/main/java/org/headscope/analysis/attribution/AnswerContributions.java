package org.headscope.analysis.attribution;

import java.util.ArrayList;
import java.util.Arrays;
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
        DirectLogitAttribution.refuse(context.model());
        int last = prompt.length - 1;
        var paths = new ReadoutPaths(context.model());
        var place = new Decomposition.Place(0, last);
        try (Decomposition parts = new Decomposition(context, paths, TokenBatch.of(prompt), last, null)) {
            List<double[]> heads = new ArrayList<>();
            List<double[]> mlps = new ArrayList<>();
            for (int token : tokens) {
                Readout readout = Readout.of(token, null);
                Contributions of = parts.of(readout, place).requireSum(parts.actual(readout, place));
                heads.add(Arrays.stream(of.heads())
                        .flatMapToDouble(Arrays::stream)
                        .toArray());
                mlps.add(of.mlps());
            }
            List<ReceiptSummary> receipts =
                    parts.receipts().stream().map(ReceiptSummary::of).toList();
            return new AnswerContributions(heads, mlps, receipts);
        }
    }
}
