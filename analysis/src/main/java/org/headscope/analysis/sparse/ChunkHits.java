package org.headscope.analysis.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.jspecify.annotations.Nullable;

/** Which heads, at the last token of the question, choose the chunk that holds the answer. */
final class ChunkHits {
    static final String RATE = "Hit rate of the needle's chunk";
    static final String BEST = "Heads that choose the needle";
    static final String CHOICE = "Chunks chosen for the first question";

    private static final int LISTED = 10;
    private static final int DRAWS = 999;

    private final AnalysisContext context;
    private final ChunkPlan plan;
    private final SampledHeads hits;
    private final List<Double> chances = new ArrayList<>();
    private List<ReceiptSummary> receipts = List.of();
    private @Nullable HeadPositionGrid first;

    ChunkHits(AnalysisContext context, ChunkPlan plan) {
        Dims dims = context.model().config().dims();
        this.context = context;
        this.plan = plan;
        this.hits = new SampledHeads(dims.layers(), Axis.heads(dims.heads()));
    }

    /** Reads one question; it counts when the needle's chunk is one that can be chosen or left. */
    void read(EncodedExample example) {
        int last = example.length() - 1;
        int place = NeedlePlace.of(example);
        int needle = place / plan.chunk();
        boolean counts = place >= 0 && plan.isCandidate(needle, last);
        if (!counts && first != null) {
            return;
        }
        int[][] chosen = chosen(example);
        if (first == null) {
            first = picture(chosen, last);
        }
        if (counts) {
            hits.add(Arrays.stream(chosen)
                    .mapToDouble(chunks -> Arrays.binarySearch(chunks, needle) >= 0 ? 1 : 0)
                    .toArray());
            chances.add((plan.slots() - ChunkPlan.FIXED) / (double) plan.candidates(last));
        }
    }

    /** What every head chooses at the last position, layer after layer. */
    private int[][] chosen(EncodedExample example) {
        ModelConfig config = context.model().config();
        Dims dims = config.dims();
        int last = example.length() - 1;
        List<HookSite> sites = IntStream.range(0, dims.layers())
                .boxed()
                .flatMap(layer -> LayerVectors.sites(config, layer).stream())
                .toList();
        RunRequest request = StandingRun.of(context, TokenBatch.of(example.clean()))
                .capture(sites)
                .lastLogits()
                .build();
        int[][] chosen = new int[dims.layers() * dims.heads()][];
        try (RunResult run = context.model().run(request)) {
            receipts = run.receipts().stream().map(ReceiptSummary::of).toList();
            for (int i = 0; i < chosen.length; i++) {
                ChunkKeys keys = new ChunkKeys(vectors(run.cache(), i / dims.heads()), i % dims.heads(), plan.chunk());
                chosen[i] = plan.chosen(keys.scores(last), last);
            }
        }
        return chosen;
    }

    private LayerVectors vectors(ActivationCache cache, int layer) {
        ModelConfig config = context.model().config();
        List<float[]> of = LayerVectors.sites(config, layer).stream()
                .map(site -> cache.get(site).toFloatArray())
                .toList();
        return new LayerVectors(config.dims(), config.attention().layers().get(layer), of.get(0), of.get(1), of.get(2));
    }

    private HeadPositionGrid picture(int[][] chosen, int last) {
        Dims dims = context.model().config().dims();
        int chunks = last / plan.chunk() + 1;
        double[] read = new double[dims.layers() * chunks * dims.heads()];
        for (int i = 0; i < chosen.length; i++) {
            for (int chunk : chosen[i]) {
                read[(i / dims.heads() * chunks + chunk) * dims.heads() + i % dims.heads()] = 1;
            }
        }
        List<String> labels = IntStream.range(0, chunks)
                .mapToObj(c -> c * plan.chunk() + "-" + Math.min(last, (c + 1) * plan.chunk() - 1))
                .toList();
        return new HeadPositionGrid(
                CHOICE,
                Quantity.unsigned("1 read, 0 not", ""),
                Grid.of(List.of(Axis.layers(dims.layers()), Axis.positions(labels), Axis.heads(dims.heads())), read));
    }

    HeadGrid rate(long seed) {
        return hits.grid(RATE, Quantity.unsigned("share of questions", ""), seed);
    }

    /** The chunks of the first question, one row of them per head; null before anything was read. */
    @Nullable
    HeadPositionGrid choice() {
        return first;
    }

    /** What stood in the runs. */
    List<ReceiptSummary> receipts() {
        return receipts;
    }

    /** The heads with the highest rates, each against random choices; p is of each head alone. */
    Table best(long seed) {
        Dims dims = context.model().config().dims();
        double[] rates = hits.mean();
        double[] controls = chances.isEmpty() ? new double[] {Double.NaN} : byChance(seed);
        double chance = chances.stream().mapToDouble(c -> c).average().orElse(Double.NaN);
        List<List<Object>> rows = IntStream.range(0, rates.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -rates[i]))
                .limit(LISTED)
                .<List<Object>>map(i -> List.of(
                        i / dims.heads() + "." + i % dims.heads(),
                        i % dims.heads() / dims.group(),
                        rates[i],
                        chance,
                        new ControlTest(rates[i], controls).p(),
                        hits.size()))
                .toList();
        return new Table(
                BEST,
                List.of(
                        Table.Column.text("head"),
                        Table.Column.integer("key-value head"),
                        Table.Column.number("hit rate", ""),
                        Table.Column.number("by chance", ""),
                        Table.Column.number("p", ""),
                        Table.Column.integer("questions")),
                rows);
    }

    private double[] byChance(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, DRAWS)
                .mapToDouble(draw -> chances.stream()
                        .mapToDouble(chance -> random.nextDouble() < chance ? 1 : 0)
                        .average()
                        .orElseThrow())
                .toArray();
    }
}
