package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.RandomTokens;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.jspecify.annotations.Nullable;

/** Finds previous-token, duplicate-token and induction heads by where they look. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class HeadDetectors implements Analysis<HeadDetectors.Parameters, Findings> {
    /** Added to the titles of panels that come from a text instead of random tokens. */
    public static final String ON_TEXT = " on the text";
    /** Title of the table of the best heads, those above chance. */
    public static final String BEST = "Best heads";

    /**
     * Parameters.
     *
     * @param length tokens per copy
     * @param copies number of copies
     * @param sequences number of random sequences
     * @param bos token in front, or -1
     * @param exclude ids that are not drawn
     * @param text a text to score as well
     * @param excludeFirst for the text: leave out attention to the first token
     * @param excludeCurrent for the text: leave out attention to the current token
     */
    public record Parameters(
            @Param(
                            label = "Length",
                            unit = "tokens",
                            min = 2,
                            max = 4096,
                            defaultValue = "25",
                            help = "Random tokens per copy; the sequence is BOS and the copies.")
                    int length,
            @Param(
                            label = "Copies",
                            min = 2,
                            max = 16,
                            defaultValue = "2",
                            help = "How often the random tokens stand there; 4 in the paper.")
                    int copies,
            @Param(
                            label = "Sequences",
                            min = 1,
                            max = 1000,
                            defaultValue = "10",
                            help = "How many random sequences are averaged over.")
                    int sequences,
            @Param(
                            label = "BOS",
                            min = -1,
                            defaultValue = "-1",
                            help = "Id of the token in front; -1 takes the tokenizer's, or a random one without any.")
                    int bos,
            @Param(
                            label = "Excluded ids",
                            defaultValue = "",
                            min = 0,
                            help = "Ids that are never drawn, such as special tokens.")
                    List<Integer> exclude,
            @Param(label = "Text", help = "A text to score as well, with the patterns of detect_head.") @Nullable
                    Prompt text,
            @Param(
                            label = "Leave out first token",
                            defaultValue = "false",
                            help = "On the text, ignore attention to the first token.")
                    boolean excludeFirst,
            @Param(
                            label = "Leave out current token",
                            defaultValue = "false",
                            help = "On the text, ignore attention of a token to itself.")
                    boolean excludeCurrent) {
        /** Copies the list. */
        public Parameters {
            exclude = List.copyOf(exclude);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("head-detectors", "Head detectors", AnalysisInfo.Area.DETECT)
                .measures("How much of its attention each head pays to the previous token, to an earlier copy of the "
                        + "current token, and to what followed that copy.")
                .formula("on BOS + s + s with |s| = n, t over the second copy: previous = mean A[t, t-1]; "
                        + "duplicate = mean A[t, t-n]; induction = mean A[t, t-n+1]; with more copies t runs over all but "
                        + "the first, and the attention to all earlier copies is summed. "
                        + "On a text: sum(A * P) / sum(A) with the 0/1 pattern P of each kind")
                .source("Olsson et al. 2209.11895; TransformerLens head_detector.py (text)")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Two copies are the widely used variant, four the paper's prefix matching; all tokens of a copy "
                                + "differ; very common and very rare ids are excluded only if named. Attention alone does "
                                + "not prove that a head copies. On text the first token dominates the sum.")
                .cost("One forward per batch of sequences; one more for the text.")
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
        return parameters.sequences() + (parameters.text() == null ? 0 : 1);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        Dims dims = context.model().config().dims();
        List<HeadScores> random = scores(dims);
        List<ReceiptSummary> standing = onRandomTokens(context, parameters, progress, random);
        List<Panel> panels = new ArrayList<>(panels(random, "", context.seed()));
        Prompt text = parameters.text();
        if (text != null) {
            List<HeadScores> onText = scores(dims);
            onText(context, parameters, EncodedPrompt.of(context, "text", text), onText);
            panels.addAll(panels(onText, ON_TEXT, context.seed()));
        }
        panels.add(new BestHeads(dims, length(context, parameters), parameters.copies()).table(BEST, random));
        return new ScanFindings(panels, standing);
    }

    static List<HeadScores> scores(Dims dims) {
        return Stream.generate(() -> new HeadScores(dims))
                .limit(PatternMasks.KINDS.length)
                .toList();
    }

    static List<ReceiptSummary> onRandomTokens(
            AnalysisContext context, Parameters parameters, Progress progress, List<HeadScores> scores) {
        int[][] sequences = sequences(context, parameters);
        float[][] masks = PatternMasks.repeated(length(context, parameters), parameters.copies());
        var scan = new PatternScan(context, (pattern, point) -> PatternMasks.sums(pattern, masks));
        return scan.run(sequences, scores, done -> {
            progress.checkCancelled();
            progress.report(done, sequences.length, "random sequences");
            panels(scores, "", context.seed()).forEach(progress::partial);
        });
    }

    /** Clipped so that BOS and all copies fit the context. */
    private static int length(AnalysisContext context, Parameters parameters) {
        int tokens = context.model().config().dims().context();
        int length = Math.min(parameters.length(), (tokens - 1) / parameters.copies());
        if (length < 2) {
            throw new HeadscopeException("The model's context of " + tokens + " tokens is too short: BOS and "
                    + parameters.copies() + " copies of two tokens need " + (1 + 2 * parameters.copies()) + ".");
        }
        return length;
    }

    private static int[][] sequences(AnalysisContext context, Parameters parameters) {
        int vocab = context.model().config().dims().vocab();
        int n = length(context, parameters);
        OptionalInt bos = parameters.bos() >= 0
                ? OptionalInt.of(parameters.bos())
                : context.prompts().bosId();
        Set<Integer> excluded = new HashSet<>(parameters.exclude());
        bos.ifPresent(excluded::add);
        RandomTokens tokens = new RandomTokens(vocab, excluded, context.seed());
        int[][] sequences = new int[parameters.sequences()][1 + parameters.copies() * n];
        for (int[] sequence : sequences) {
            int[] drawn = tokens.distinct(bos.isPresent() ? n : n + 1);
            sequence[0] = bos.orElse(drawn[drawn.length - 1]);
            for (int copy = 0; copy < parameters.copies(); copy++) {
                System.arraycopy(drawn, 0, sequence, 1 + copy * n, n);
            }
        }
        return sequences;
    }

    private static void onText(
            AnalysisContext context, Parameters parameters, EncodedPrompt text, List<HeadScores> scores) {
        int length = text.length();
        float[] counted = PatternMasks.counted(length, parameters.excludeFirst(), parameters.excludeCurrent());
        float[][] masks = PatternMasks.text(text.ids());
        for (float[] mask : masks) {
            for (int i = 0; i < mask.length; i++) {
                mask[i] *= counted[i];
            }
        }
        float[][] withTotal = Arrays.copyOf(masks, masks.length + 1);
        withTotal[masks.length] = counted;
        new PatternScan(context, (pattern, point) -> shares(PatternMasks.sums(pattern, withTotal)))
                .run(new int[][] {text.ids()}, scores, done -> {});
    }

    /** Divides by the last entry, which holds the totals; a head without any counted attention scores 0. */
    private static double[][][] shares(double[][][] sums) {
        double[][] totals = sums[sums.length - 1];
        double[][][] shares = Arrays.copyOf(sums, sums.length - 1);
        for (double[][] share : shares) {
            for (int b = 0; b < share.length; b++) {
                for (int h = 0; h < share[b].length; h++) {
                    share[b][h] = totals[b][h] == 0 ? 0 : share[b][h] / totals[b][h];
                }
            }
        }
        return shares;
    }

    private static List<Panel> panels(List<HeadScores> scores, String where, long seed) {
        List<Panel> panels = new ArrayList<>();
        for (int k = 0; k < scores.size(); k++) {
            Quantity quantity = Quantity.unsigned("share of attention", "");
            panels.add(scores.get(k).panel(PatternMasks.KINDS[k] + where, quantity, seed));
        }
        return panels;
    }
}
