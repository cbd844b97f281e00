package org.headscope.analysis.choice;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.site.SiteKind;

/** In how few directions heads that answer multiple choice match the last token with the labels. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class LowRankQk implements Analysis<LowRankQk.Parameters, Findings> {
    /** Title of the table of runs. */
    public static final String RUNS = "Held-out questions with few directions";
    /** Title of the curves over ranks. */
    public static final String CURVE = "Accuracy by rank";

    /** Whose keys and values are compressed. */
    public enum Places {
        /** The labels. */
        LABELS,
        /** The labels and the words of the options. */
        OPTIONS
    }

    /**
     * Parameters.
     *
     * @param heads the heads
     * @param ranks how many directions are left
     * @param places whose keys and values are compressed
     * @param values whether values are compressed too
     * @param train questions the directions are fitted on
     * @param heldOut questions that are asked
     * @param controls random subspaces for every rank
     */
    public record Parameters(
            @Param(label = "Heads", help = "Which heads, as layer.head, separated by commas.") List<String> heads,
            @Param(label = "Ranks", defaultValue = "1,2,3,4,6,8", min = 1, help = "How many directions are left.")
                    List<Integer> ranks,
            @Param(
                            label = "Keys of",
                            defaultValue = "labels",
                            help = "The labels alone, or whole options for heads that look elsewhere in them.")
                    Places places,
            @Param(label = "Values too", defaultValue = "false", help = "Whether values there are compressed too.")
                    boolean values,
            @Param(
                            label = "Training questions",
                            defaultValue = "100",
                            min = 2,
                            help = "Directions are fitted on these.")
                    int train,
            @Param(label = "Held-out questions", defaultValue = "100", min = 2, help = "Results are of these.")
                    int heldOut,
            @Param(label = "Controls", defaultValue = "5", min = 1, help = "Random subspaces for every rank.")
                    int controls) {
        /** Copies the lists. */
        public Parameters {
            heads = List.copyOf(heads);
            ranks = List.copyOf(ranks);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("low-rank-qk", "Low-rank queries and keys", AnalysisInfo.Area.CIRCUIT)
                .measures("How many directions of its queries and keys a head needs to find the right letter.")
                .formula(
                        "q of the last token and k of the label tokens, before rotation, over training questions: centred,"
                                + " SVD, first r directions P; then q := mean + P P^T (q - mean), k and v likewise, and accuracy,"
                                + " loss and attention on held-out questions; attention moved = mean over questions and heads of half the"
                                + " sum of |A - A_full| in the last token's row")
                .source("Lieberum et al. 2307.09458, Does circuit analysis interpretability scale?")
                .exactness(
                        AnalysisInfo.Exactness.RECON,
                        "Rebuilt from notes on the paper. Ours: queries, keys and values have a subspace each; only the last"
                                + " token's queries and the options' keys and values are replaced; random subspaces around"
                                + " the same mean as controls. Heads of a group share keys and values, so that compressing"
                                + " those changes the whole group.")
                .cost("One forward per training question; one per held-out question for every rank, control, the full"
                        + " model and the heads switched off, batched.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        double runs = 2 + parameters.ranks().size() * (1.0 + parameters.controls());
        return parameters.train() + runs * parameters.heldOut();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        check(context.model().config().dims(), parameters);
        progress.report(0, 0, "drawing questions");
        List<EncodedExample> train = MultipleChoiceHeads.draw(context, Split.TRAIN, parameters.train());
        List<EncodedExample> heldOut = MultipleChoiceHeads.draw(context, Split.HELD_OUT, parameters.heldOut());
        return of(context, train, heldOut, parameters, progress);
    }

    private static void check(Dims dims, Parameters parameters) {
        if (parameters.ranks().isEmpty()) {
            throw ParameterException.refused("ranks", "", "at least one rank");
        }
        for (int rank : parameters.ranks()) {
            if (rank > dims.dHead()) {
                throw ParameterException.refused(
                        "ranks", Integer.toString(rank), "ranks from 1 to d_head, " + dims.dHead());
            }
        }
    }

    /** The same with given questions. */
    static Findings of(
            AnalysisContext context,
            List<EncodedExample> train,
            List<EncodedExample> heldOut,
            Parameters parameters,
            Progress progress) {
        Dims dims = context.model().config().dims();
        check(dims, parameters);
        List<MaskUnit> heads = HeadList.parse("heads", parameters.heads(), MaskShape.of(dims));
        List<Integer> labels = MultipleChoiceHeads.labels(train, heldOut);
        Map<HeadSide, List<double[]>> sample = new SubspaceRun(context, ChoicePrompt.of(train, labels), heads)
                .sample(sides(heads, dims, parameters), progress);
        SubspaceRun asked = new SubspaceRun(context, ChoicePrompt.of(heldOut, labels), heads);
        RankRows rows = new RankRows(context.seed(), asked.questionsAndHeads());
        rows.add("full model", asked.ask(Map.of(), List.of(), progress));
        rows.add("the heads off", asked.ask(Map.of(), off(heads), progress));
        List<ReceiptSummary> receipts = new ArrayList<>();
        for (int rank : parameters.ranks()) {
            progress.report(parameters.ranks().indexOf(rank), parameters.ranks().size(), "ranks");
            Map<HeadSide, Subspace> spaces = new LinkedHashMap<>();
            sample.forEach((side, vectors) -> spaces.put(side, Subspace.leading(vectors, rank)));
            SubspaceRun.Outcome outcome = asked.ask(spaces, List.of(), progress);
            receipts.clear();
            outcome.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
            rows.add(
                    rank,
                    spaces,
                    outcome,
                    new RandomSpaces(asked, spaces, parameters.controls()).ask(context, progress));
        }
        return Findings.of(rows.panels(), receipts);
    }

    private static List<HeadSide> sides(List<MaskUnit> heads, Dims dims, Parameters parameters) {
        return heads.stream()
                .flatMap(head -> Stream.of(SiteKind.Q, SiteKind.K, SiteKind.V)
                        .filter(kind -> parameters.values() || kind != SiteKind.V)
                        .map(kind -> new HeadSide(
                                kind,
                                head.layer(),
                                kind == SiteKind.Q ? head.head() : head.head() / dims.group(),
                                parameters.places())))
                .distinct()
                .toList();
    }

    private static List<Intervention> off(List<MaskUnit> heads) {
        List<Intervention> off = new ArrayList<>();
        heads.forEach(head ->
                off.add(new Intervention.Ablate(new Target.Head(head.layer(), head.head()), new Ablation.Zero())));
        return off;
    }
}
