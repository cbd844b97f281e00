package org.headscope.analysis.recall;

import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.metric.LogitAboveMean;
import org.headscope.analysis.patching.EndActivations;
import org.headscope.analysis.patching.ExamplePaths;
import org.headscope.analysis.patching.ExampleProgress;
import org.headscope.analysis.patching.PathPatching.Mlps;
import org.headscope.analysis.patching.PathSender;
import org.headscope.analysis.patching.SenderMeans;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.analysis.task.Split;
import org.headscope.hooks.config.Dims;

/** Heads that speak for what the model remembers, heads that speak for what the text says, and what pruning them does. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class MemoryContextHeads implements Analysis<MemoryContextHeads.Parameters, Findings> {
    static final String MEMORY = "Path effect on the answer from memory";
    static final String TOLD = "Path effect on the answer from the text";
    static final String IMPORTANCE = "Importance for the text over memory";
    static final String HEADS = "Heads";
    static final String CURVE = "Answers on questions that choose the number of heads";
    static final String RATES = "Answers on held-out questions";
    static final String CHANCE_MEMORY = "Chance: text heads pruned";
    static final String CHANCE_TEXT = "Chance: memory heads pruned";

    /**
     * Parameters.
     *
     * @param count training questions that heads are scored on
     * @param choosing further training questions that choose how many heads are pruned
     * @param heldOut held-out questions that are reported
     * @param sizes numbers of heads to choose from
     * @param mlps what MLPs on the way do
     * @param controls random sets of heads
     */
    public record Parameters(
            @Param(
                            label = "Examples",
                            defaultValue = "80",
                            min = 2,
                            max = 5000,
                            help = "Training questions that heads are scored on.")
                    int count,
            @Param(
                            label = "Choosing examples",
                            defaultValue = "80",
                            min = 2,
                            max = 5000,
                            help = "Other training questions that choose how many heads are pruned.")
                    int choosing,
            @Param(
                            label = "Held-out examples",
                            defaultValue = "150",
                            min = 2,
                            max = 5000,
                            help = "Held-out questions that are reported.")
                    int heldOut,
            @Param(label = "Numbers of heads", defaultValue = "1,2,3,4,6,8", min = 1, help = "How many heads to prune.")
                    List<Integer> sizes,
            @Param(
                            label = "MLPs on the way",
                            defaultValue = "recomputed",
                            help = "Recomputed, or frozen for strictly direct paths.")
                    Mlps mlps,
            @Param(label = "Controls", defaultValue = "19", min = 1, help = "Number of random sets of the same size.")
                    int controls) {
        /** Copies the list. */
        public Parameters {
            sizes = List.copyOf(sizes);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("memory-context-heads", "Memory and context heads", AnalysisInfo.Area.DETECT)
                .measures(
                        "Which heads speak for the answer that the model remembers and which for the one that the text gives,"
                                + " and what it answers without them.")
                .formula(
                        "M(a) = logit[a] - mean logit at the last position. Sender: z of one head at the last position, taken"
                                + " from the prompt with subject and claim replaced by unrelated words; all other heads frozen."
                                + " d_mem = M(a_mem) - M_patched(a_mem), d_ctx = M(a_ctx) - M_patched(a_ctx), means over questions;"
                                + " s = d_ctx - d_mem. Heads with the largest (smallest) s are set to 0 to favour memory (the text)")
                .source("Jin et al. 2402.18154 (PH3); questions by this project (task conflict)")
                .exactness(
                        AnalysisInfo.Exactness.RECON,
                        "PH3-style: path patching, importance as a difference and pruning at 0 are as described in the abstract"
                                + " and second-hand notes; the replaced words, logits above the mean without further"
                                + " normalisation, and the numbers of heads are ours. Only questions count that the model"
                                + " answers rightly both ways. The same head may take either side in other questions: read"
                                + " the two effects, not a label.")
                .cost(
                        "Per scored question two forwards and the MLPs behind every head at one position, twice; one forward per"
                                + " other question and set of heads.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean scoresHeads() {
        return true;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        Dims dims = context.model().config().dims();
        return parameters.count() * (4 + dims.layers() * dims.heads() / 15.0)
                + 2.0 * parameters.choosing() * (1 + parameters.sizes().size())
                + parameters.heldOut() * (5.0 + 2 * parameters.controls());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        requireSizes(context.model().config().dims(), parameters);
        progress.report(0, 0, "drawing questions");
        // One draw, so that the two parts share no question.
        List<Conflict> train = Conflict.draw(
                context, Split.TRAIN, parameters.count() + parameters.choosing(), context.seed(), progress);
        int scored = Math.max(
                1, (int) ((long) train.size() * parameters.count() / (parameters.count() + parameters.choosing())));
        List<Conflict> choosing = train.size() > scored ? train.subList(scored, train.size()) : train;
        List<Conflict> heldOut = Conflict.draw(context, Split.HELD_OUT, parameters.heldOut(), context.seed(), progress);
        ReceiptSums receipts = new ReceiptSums();
        ConflictEffects effects = effects(context, parameters, train.subList(0, scored), receipts, progress);
        ConflictPruning pruning =
                new ConflictPruning(context, effects.ranked(), parameters.sizes(), receipts, progress);
        List<Panel> panels = new ArrayList<>(effects.panels(context.seed()));
        panels.addAll(pruning.panels(choosing, heldOut, parameters.controls()));
        return Findings.of(panels, receipts.all());
    }

    private static void requireSizes(Dims dims, Parameters parameters) {
        // Controls share no head with the set.
        int most = dims.layers() * dims.heads() / 2;
        for (int size : parameters.sizes()) {
            if (size > most) {
                throw ParameterException.refused(
                        "sizes", Integer.toString(size), "numbers up to " + most + ", half of this model's heads");
            }
        }
        if (parameters.sizes().isEmpty()) {
            throw ParameterException.refused("sizes", "", "at least one number of heads");
        }
    }

    private static ConflictEffects effects(
            AnalysisContext context,
            Parameters parameters,
            List<Conflict> scored,
            ReceiptSums receipts,
            Progress progress) {
        var config = context.model().config();
        EndActivations empty =
                EndActivations.of(context, scored.stream().map(Conflict::empty).toList(), progress);
        List<PathSender> heads = PathSender.alone(config)
                .subList(0, config.dims().layers() * config.dims().heads());
        ExamplePaths paths = new ExamplePaths(context, heads, parameters.mlps());
        ConflictEffects effects = new ConflictEffects(config.dims(), new SenderMeans(config), new SenderMeans(config));
        for (int i = 0; i < scored.size(); i++) {
            progress.checkCancelled();
            Conflict one = scored.get(i);
            var part = new ExampleProgress(progress, i, scored.size(), "following heads, question");
            try (NDManager owner = context.model().newManager()) {
                ExamplePaths.Followed followed = paths.follow(
                        one.example().clean(),
                        empty.one(i, owner),
                        List.of(new LogitAboveMean(one.memory()), new LogitAboveMean(one.told())),
                        part.title(),
                        part);
                effects.memory().add(lost(followed.changes(0)));
                effects.told().add(lost(followed.changes(1)));
                receipts.add(followed.receipts());
            }
            part.finished(1);
        }
        return effects;
    }

    private static double[] lost(double[] changes) {
        return IntStream.range(0, changes.length).mapToDouble(i -> -changes[i]).toArray();
    }
}
