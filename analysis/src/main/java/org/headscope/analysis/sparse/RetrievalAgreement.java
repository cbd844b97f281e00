package org.headscope.analysis.sparse;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.detect.RetrievalHeads;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.stat.RankCorrelation;
import org.headscope.hooks.config.Dims;

/**
 * Whether key-value heads that a score wants to keep whole are those with retrieval heads (Wu et al., arXiv 2404.15574) among
 * their query heads. Of a group the highest retrieval score counts.
 */
final class RetrievalAgreement {
    static final String TITLE = "Agreement with retrieval heads";

    private static final int SHUFFLES = 999;
    private static final int DEPTHS = 5;
    private static final int SETS = 3;
    private static final List<Table.Column> COLUMNS = List.of(
            Table.Column.integer("key-value heads"),
            Table.Column.number("Spearman correlation", ""),
            Table.Column.number("p", ""),
            Table.Column.integer("best retrieval heads"),
            Table.Column.integer("of these full"),
            Table.Column.number("expected by chance", ""));

    private final AnalysisContext context;
    private final int longest;
    private final Progress progress;

    RetrievalAgreement(AnalysisContext context, int longest, Progress progress) {
        this.context = context;
        this.longest = longest;
        this.progress = progress;
    }

    /** One row; without a number where the model finds no needles. */
    Table table(double[] scores, KvChoice choice) {
        return table(retrieval(), scores, choice, context.seed());
    }

    static Table table(double[] retrieval, double[] scores, KvChoice choice, long seed) {
        int heads = scores.length;
        if (Arrays.stream(retrieval).anyMatch(Double::isNaN)) {
            return new Table(TITLE, COLUMNS, List.of(List.of(heads, Double.NaN, Double.NaN, 0, 0, Double.NaN)));
        }
        ControlTest test = new RankCorrelation(retrieval, scores).test(SHUFFLES, seed);
        int best = Math.max(1, heads / 4);
        long full = IntStream.range(0, heads)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -retrieval[i]))
                .limit(best)
                .filter(i -> choice.full()[i])
                .count();
        double chance = (double) best * choice.size() / heads;
        return new Table(TITLE, COLUMNS, List.of(List.of(heads, test.effect(), test.p(), best, (int) full, chance)));
    }

    private double[] retrieval() {
        var parameters =
                new RetrievalHeads.Parameters(null, null, null, null, List.of(longest / 2, longest), DEPTHS, SETS);
        HeadGrid scores = (HeadGrid) new RetrievalHeads()
                .run(context, parameters, progress).panels().stream()
                        .filter(panel -> panel.title().equals(RetrievalHeads.PAPER))
                        .findFirst()
                        .orElseThrow();
        Dims dims = context.model().config().dims();
        return IntStream.range(0, dims.layers() * dims.kvHeads())
                .mapToDouble(i -> IntStream.range(i * dims.group(), (i + 1) * dims.group())
                        .mapToDouble(scores.grid()::valueAt)
                        .max()
                        .orElseThrow())
                .toArray();
    }
}
