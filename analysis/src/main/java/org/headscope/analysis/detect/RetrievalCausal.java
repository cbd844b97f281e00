package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.SecretNeedle;
import org.headscope.analysis.task.Split;

/** Whether needles are lost without the heads that attend to them: the causal test of retrieval heads. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class RetrievalCausal implements Analysis<RetrievalCausal.Parameters, Findings> {
    /**
     * Parameters.
     *
     * @param lengths tokens of the whole prompt
     * @param depths number of places from the front to the end
     * @param detection needles that heads are chosen by
     * @param needles needles that are asked for with heads masked
     * @param masked how many heads are masked
     * @param controls random sets for each number
     * @param mode what is done to a masked head
     * @param where in which steps
     * @param keys secrets in every text
     * @param words words of every secret
     */
    public record Parameters(
            @Param(label = "Lengths", defaultValue = "128,256", help = "Tokens of the whole prompt.")
                    List<Integer> lengths,
            @Param(label = "Depths", defaultValue = "5", min = 1, help = "Places of the needle, front to end.")
                    int depths,
            @Param(
                            label = "Detection needles",
                            defaultValue = "3",
                            min = 1,
                            help = "Needles that heads are scored on; each is put at every length and depth.")
                    int detection,
            @Param(
                            label = "Needles",
                            defaultValue = "10",
                            min = 1,
                            help =
                                    "Other needles that are asked for while heads are masked, at every length and depth.")
                    int needles,
            @Param(label = "Heads masked", defaultValue = "1,2,5,10", min = 1, help = "How many heads are masked.")
                    List<Integer> masked,
            @Param(label = "Controls", defaultValue = "20", min = 1, help = "Random sets for each number of heads.")
                    int controls,
            @Param(
                            label = "Mode",
                            defaultValue = "uniform",
                            help = "A masked head attends equally to all it sees, or writes nothing (zero).")
                    NeedleMask.Mode mode,
            @Param(
                            label = "Where",
                            defaultValue = "decode",
                            help = "Mask where answer tokens are produced only, or in the whole prompt.")
                    NeedleMask.Where where,
            @Param(label = "Secrets", defaultValue = "1", min = 1, help = "Secrets in every text; one is asked for.")
                    int keys,
            @Param(label = "Words", defaultValue = "1", min = 1, help = "Words of every secret.") int words) {
        /** Copies the lists. */
        public Parameters {
            lengths = List.copyOf(lengths);
            masked = masked.stream().sorted().distinct().toList();
        }

        /** Heads are chosen by needles of the training part and judged by others of the held-out part. */
        private NeedleRuns.Plan plan(Split split, int sets, long seed) {
            return new NeedleRuns.Plan(
                    NeedleRuns.Texts.NONE, lengths, depths, sets, new SecretNeedle.Kind(keys, words, split), seed);
        }

        int sets() {
            return masked.size() * (1 + controls);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("retrieval-causal", "Masking retrieval heads", AnalysisInfo.Area.DETECT)
                .measures(
                        "How many needles are still found when the K heads with the highest retrieval scores are masked,"
                                + " next to K random heads.")
                .formula("accuracy(K) = share of needles whose whole answer greedy decoding says with K heads masked;"
                        + " random heads from those with a score below 0.1;"
                        + " p = (1 + number of random sets at least as harmful) / (1 + n)")
                .source("Wu et al. 2404.15574, paper and code; p-value after North et al. 2002")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Uniform attention over the visible keys in the steps of decoding is what the authors' program does"
                                + " (in one of its two paths; in the other it clears the query, which comes to the same)."
                                + " Zero removes the output instead. Their controls may hold retrieval heads; these do not."
                                + " Exact answers in place of ROUGE-1; needles and lengths are scaled to small models."
                                + " One p-value for each K, not corrected for their number.")
                .cost(
                        "Detection as in retrieval-heads; one forward per needle, length and depth; for every set of heads only"
                                + " the masked positions, or with --where whole part of a forward.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        double places = parameters.lengths().size() * (double) parameters.depths();
        double detection = places * parameters.detection() * (1 + parameters.words() * 0.05);
        // A step of decoding reads all weights for a single row; stacked, many of them cost little.
        double perSet = parameters.where() == NeedleMask.Where.DECODE ? 0.01 * parameters.words() : 0.7;
        return detection + places * parameters.needles() * (1 + perSet * parameters.sets());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        List<NeedleRun> detection =
                NeedleRuns.of(context, parameters.plan(Split.TRAIN, parameters.detection(), context.seed()));
        List<NeedleRun> test =
                NeedleRuns.of(context, parameters.plan(Split.HELD_OUT, parameters.needles(), context.seed() + 1));
        RetrievalScan scan = RetrievalScan.of(context, detection, progress);
        ChosenHeads chosen = ChosenHeads.of(context, scan.tally());
        List<MaskedSets> sets = parameters.masked().stream()
                .map(count -> chosen.sets(count, parameters.controls(), context.seed()))
                .toList();
        List<Collection<MaskUnit>> flat = new ArrayList<>();
        sets.forEach(one -> flat.addAll(one.all()));
        NeedleAccuracy accuracy = new NeedleAccuracy(context, new NeedleMask(parameters.mode(), parameters.where()));
        List<NeedleAccuracy.Found> found = accuracy.ask(test, flat, progress);
        List<ReceiptSummary> receipts = Stream.concat(scan.receipts().stream(), accuracy.receipts().stream())
                .toList();
        return Findings.of(new CausalPanels(parameters, chosen, sets, found).panels(), receipts);
    }
}
