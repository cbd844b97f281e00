package org.headscope.analysis.attribution;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskExam;
import org.headscope.hooks.forward.TokenBatch;

/**
 * One example of a task, taken apart at its last position.
 *
 * @param example the example
 * @param parts what every part of the model contributes
 * @param actual what the model itself says
 */
public record ExampleParts(EncodedExample example, Contributions parts, double actual) {
    private static final int TOKENS_AT_ONCE = 1024;

    /**
     * Takes many examples apart. Those of equal length go through the model together.
     *
     * @param context model and standing interventions
     * @param examples any number
     * @param readout what is read for each
     * @param receipts gets those of the first batch
     * @param progress told after every batch
     * @return one for each, ordered by length
     * @throws org.headscope.hooks.HeadscopeException when the parts of an example do not add up to its logits
     */
    public static List<ExampleParts> of(
            AnalysisContext context,
            List<EncodedExample> examples,
            Function<EncodedExample, Readout> readout,
            List<ReceiptSummary> receipts,
            Progress progress) {
        examples.forEach(
                example -> example.requireFits(context.model().config().dims().context()));
        var reading = new Reading(context, new ReadoutPaths(context.model()), readout, receipts);
        List<ExampleParts> all = new ArrayList<>();
        for (List<EncodedExample> group : TaskExam.byLength(examples)) {
            int step = Math.max(1, TOKENS_AT_ONCE / group.get(0).length());
            for (int from = 0; from < group.size(); from += step) {
                progress.checkCancelled();
                all.addAll(reading.batch(group.subList(from, Math.min(group.size(), from + step))));
                progress.report(all.size(), examples.size(), "taking apart");
            }
        }
        return all;
    }

    private record Reading(
            AnalysisContext context,
            ReadoutPaths paths,
            Function<EncodedExample, Readout> readout,
            List<ReceiptSummary> receipts) {
        List<ExampleParts> batch(List<EncodedExample> batch) {
            int last = batch.get(0).length() - 1;
            TokenBatch tokens =
                    TokenBatch.of(batch.stream().map(EncodedExample::clean).toArray(int[][]::new));
            List<ExampleParts> parts = new ArrayList<>();
            try (Decomposition decomposition = new Decomposition(context, paths, tokens, last, null)) {
                for (int i = 0; i < batch.size(); i++) {
                    var place = new Decomposition.Place(i, last);
                    Readout read = readout.apply(batch.get(i));
                    double actual = decomposition.actual(read, place);
                    Contributions own = decomposition.of(read, place).requireSum(actual);
                    parts.add(new ExampleParts(batch.get(i), own, actual));
                }
                if (receipts.isEmpty()) {
                    decomposition.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
                }
            }
            return parts;
        }
    }
}
