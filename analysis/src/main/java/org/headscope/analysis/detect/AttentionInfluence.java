package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.metric.MeanLoss;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.analysis.task.SecretNeedle;
import org.headscope.analysis.task.Split;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;

/** Which texts need retrieval heads: those that are predicted much worse when these heads attend evenly. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class AttentionInfluence implements Analysis<AttentionInfluence.Parameters, Findings> {
    /**
     * Parameters.
     *
     * @param file texts, one per line
     * @param tasks tasks that texts are made from without a file
     * @param count texts per task
     * @param tokens most tokens of a text
     * @param heads the heads to mask; without any the strongest retrieval heads
     * @param share how many of these
     * @param lengths tokens of detection prompts
     * @param depths places of the needle in them
     * @param detection number of needles
     * @param controls number of random sets
     */
    public record Parameters(
            @Param(
                            label = "File",
                            defaultValue = "",
                            help = "Texts, one per line, its domain and a tab in front; without one made from tasks.")
                    String file,
            @Param(
                            label = "Tasks",
                            defaultValue = "story,needle,key-value,capital",
                            help = "Tasks that texts are made from when there is no file; each is a domain.")
                    List<String> tasks,
            @Param(label = "Texts per task", defaultValue = "20", min = 2, help = "How many are made for each task.")
                    int count,
            @Param(
                            label = "Tokens",
                            defaultValue = "512",
                            min = 2,
                            help = "Longer texts are cut; also to the model's context.")
                    int tokens,
            @Param(
                            label = "Heads",
                            defaultValue = "",
                            help = "Heads to mask, as layer.head; without any those with the highest retrieval scores.")
                    List<String> heads,
            @Param(
                            label = "Share",
                            unit = "%",
                            defaultValue = "5",
                            min = 0.01,
                            max = 50,
                            help = "How many of all heads are masked when none are named.")
                    double share,
            @Param(label = "Needle lengths", defaultValue = "128,256", help = "Tokens of the prompts that score heads.")
                    List<Integer> lengths,
            @Param(label = "Needle depths", defaultValue = "5", min = 1, help = "Places of the needle in them.")
                    int depths,
            @Param(label = "Needles", defaultValue = "3", min = 1, help = "How many needles score the heads.")
                    int detection,
            @Param(label = "Controls", defaultValue = "10", min = 1, help = "Random sets of as many heads.")
                    int controls) {
        /** Copies the lists. */
        public Parameters {
            tasks = List.copyOf(tasks);
            heads = List.copyOf(heads);
            lengths = List.copyOf(lengths);
        }

        private NeedleRuns.Plan needles(long seed) {
            return new NeedleRuns.Plan(
                    NeedleRuns.Texts.NONE, lengths, depths, detection, new SecretNeedle.Kind(1, 1, Split.TRAIN), seed);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("attention-influence", "Attention influence", AnalysisInfo.Area.DETECT)
                .measures(
                        "How much worse each text is predicted when retrieval heads attend evenly, relative to its loss;"
                                + " texts are ranked inside their domain.")
                .formula(
                        "score = (L_masked - L) / L, L = mean next-token loss of the text; masked: attention 1/n over the n"
                                + " visible keys in the chosen heads, the whole text")
                .source("AttentionInfluence, 2505.07293, equation 5 and appendix C")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Heads are scored on the needles of retrieval-heads, not on retrieval from JSON objects. Equal weights"
                                + " go over the keys that a token sees. Scores of different domains do not compare: a low"
                                + " loss makes the ratio large, so loss and difference stand next to it. Short texts are"
                                + " noisy.")
                .cost(
                        "Detection as in retrieval-heads; for each text one forward, and part of one for each set of heads.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        double detection = parameters.heads().isEmpty()
                ? parameters.lengths().size() * (double) parameters.depths() * parameters.detection()
                : 0;
        // The texts of a file are counted when they are read.
        return parameters.file().isEmpty()
                ? detection + parameters.tasks().size() * parameters.count() * (1.7 + 0.7 * parameters.controls())
                : Double.NaN;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        if (!context.model().config().attention().causal()) {
            throw new HeadscopeException("Texts are scored by the loss of their next tokens, which means nothing for a"
                    + " model that sees later tokens. Open a model that reads from left to right.");
        }
        List<InfluenceText> texts = parameters.file().isEmpty()
                ? InfluenceText.make(context, parameters.tasks(), parameters.count(), parameters.tokens())
                : InfluenceText.read(context, parameters.file(), parameters.tokens());
        List<ReceiptSummary> receipts = new ArrayList<>();
        MaskedSets sets = sets(context, parameters, progress, receipts);
        List<InfluenceScore> scores = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            progress.checkCancelled();
            scores.add(score(context, texts.get(i), sets, i, receipts));
            progress.report(i + 1L, texts.size(), "scoring texts");
        }
        return Findings.of(new InfluencePanels(sets, scores, context.seed()).panels(), receipts);
    }

    private static MaskedSets sets(
            AnalysisContext context, Parameters parameters, Progress progress, List<ReceiptSummary> receipts) {
        Dims dims = context.model().config().dims();
        MaskShape shape = MaskShape.of(dims);
        if (!parameters.heads().isEmpty()) {
            List<MaskUnit> named = HeadList.parse("heads", parameters.heads(), shape);
            return new ChosenHeads(shape, named, Set.copyOf(named), 0).of(named, parameters.controls(), context.seed());
        }
        RetrievalScan scan =
                RetrievalScan.of(context, NeedleRuns.of(context, parameters.needles(context.seed())), progress);
        receipts.addAll(scan.receipts());
        int count = (int) Math.max(1, Math.round(parameters.share() / 100 * dims.layers() * dims.heads()));
        return ChosenHeads.of(context, scan.tally()).sets(count, parameters.controls(), context.seed());
    }

    /** One text alone, so that it has the same tokens and the same company with and without the heads: none. */
    static InfluenceScore score(
            AnalysisContext context, InfluenceText text, MaskedSets sets, int index, List<ReceiptSummary> receipts) {
        TokenBatch tokens = TokenBatch.of(new int[][] {text.ids()});
        List<SweepCell> cells = sets.all().stream()
                .map(heads -> new SweepCell("set", evenly(heads)))
                .toList();
        try (BaseRun base = BaseRun.of(context.model(), tokens, context.standing())) {
            ResumableSweep.Outcome outcome = new ResumableSweep(context, Progress.none(), "text " + index, values -> {})
                    .run(base, cells, new MeanLoss(tokens));
            if (index == 0) {
                receipts.add(outcome.receipts().summary("uniform", "blocks.*.attn.hook_pattern"));
            }
            double[] random = Stream.iterate(1, i -> i < cells.size(), i -> i + 1)
                    .mapToDouble(i -> outcome.values()[i])
                    .toArray();
            return new InfluenceScore(text, outcome.base(), outcome.values()[0], random);
        }
    }

    private static List<Intervention> evenly(Collection<MaskUnit> heads) {
        return heads.stream()
                .<Intervention>map(head ->
                        new Intervention.Ablate(new Target.Head(head.layer(), head.head()), new Ablation.Uniform()))
                .toList();
    }
}
