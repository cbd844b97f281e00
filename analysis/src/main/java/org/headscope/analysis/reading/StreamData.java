package org.headscope.analysis.reading;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;

/** Residual streams of many texts, token by token, in an order that may be shuffled. Close it to free them. */
final class StreamData implements AutoCloseable {
    private static final int TOKENS_AT_ONCE = 1024;

    private final NDManager manager;
    private final List<NDArray> streams;
    private final int[] texts;
    private final List<ReceiptSummary> receipts;

    private StreamData(NDManager manager, List<NDArray> streams, int[] texts, List<ReceiptSummary> receipts) {
        this.manager = manager;
        this.streams = streams;
        this.texts = texts;
        this.receipts = receipts;
    }

    /**
     * Runs the texts under the standing interventions.
     *
     * @param context model and standing interventions
     * @param texts token ids
     * @param shuffle the order of the tokens, or null for that of the texts
     * @param progress told after every batch
     */
    static StreamData of(AnalysisContext context, List<int[]> texts, boolean shuffle, Progress progress) {
        int layers = context.model().config().dims().layers();
        int tokens = texts.stream().mapToInt(text -> text.length).sum();
        List<Integer> order = new ArrayList<>(IntStream.range(0, tokens).boxed().toList());
        if (shuffle) {
            Collections.shuffle(order, new Random(context.seed()));
        }
        var filling = new Filling(
                context,
                order,
                new int[tokens],
                LensRun.sites(layers),
                context.model().config().dims().dModel());
        filling.run(texts, progress);
        NDManager manager = context.model().newManager();
        List<NDArray> streams = filling.values().stream()
                .map(values -> filling.array(values, manager))
                .toList();
        return new StreamData(manager, streams, filling.texts, filling.receipts);
    }

    /** Collects streams in memory of Java, at their places in the order. */
    private static final class Filling {
        private final AnalysisContext context;
        private final List<Integer> order;
        private final int[] texts;
        private final List<HookSite> sites;
        private final int width;
        private final List<float[]> values;
        private final List<ReceiptSummary> receipts = new ArrayList<>();
        private int next;

        Filling(AnalysisContext context, List<Integer> order, int[] texts, List<HookSite> sites, int width) {
            this.context = context;
            this.order = order;
            this.texts = texts;
            this.sites = sites;
            this.width = width;
            this.values =
                    sites.stream().map(site -> new float[order.size() * width]).toList();
        }

        List<float[]> values() {
            return values;
        }

        void run(List<int[]> all, Progress progress) {
            Map<Integer, List<Integer>> byLength = IntStream.range(0, all.size())
                    .boxed()
                    .collect(Collectors.groupingBy(i -> all.get(i).length, TreeMap::new, Collectors.toList()));
            for (List<Integer> group : byLength.values()) {
                int step = Math.max(1, TOKENS_AT_ONCE / all.get(group.get(0)).length);
                for (int from = 0; from < group.size(); from += step) {
                    progress.checkCancelled();
                    batch(all, group.subList(from, Math.min(group.size(), from + step)));
                    progress.report(next, order.size(), "reading texts, in tokens");
                }
            }
        }

        private void batch(List<int[]> all, List<Integer> batch) {
            TokenBatch tokens = TokenBatch.of(batch.stream().map(all::get).toArray(int[][]::new));
            try (RunResult run = context.model()
                    .run(StandingRun.of(context, tokens)
                            .capture(sites)
                            .lastLogits()
                            .build())) {
                if (receipts.isEmpty()) {
                    run.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
                }
                for (int row = 0; row < sites.size(); row++) {
                    put(run.cache().get(sites.get(row)).toFloatArray(), values.get(row));
                }
            }
            for (int text : batch) {
                for (int p = 0; p < tokens.length(); p++) {
                    texts[order.get(next++)] = text;
                }
            }
        }

        private void put(float[] from, float[] to) {
            for (int token = 0; token < from.length / width; token++) {
                System.arraycopy(from, token * width, to, order.get(next + token) * width, width);
            }
        }

        /* The copy is made by the engine, because the memory of Java goes away under a gradient. */
        NDArray array(float[] flat, NDManager manager) {
            try (NDArray fromJava = manager.create(flat, new Shape(1, flat.length / width, width))) {
                return fromJava.duplicate();
            }
        }
    }

    /** Number of tokens. */
    int size() {
        return texts.length;
    }

    /** Number of residual streams: one per block and the final one. */
    int rows() {
        return streams.size();
    }

    /** The text that a token is from. */
    int text(int token) {
        return texts[token];
    }

    /** {@code [1, to - from, d_model]}, owned by {@code owner}. */
    NDArray stream(int row, int from, int to, NDManager owner) {
        return Alias.rows(streams.get(row), from, to, owner);
    }

    /** What the standing interventions did. */
    List<ReceiptSummary> receipts() {
        return receipts;
    }

    NDManager newManager() {
        return manager.newSubManager();
    }

    @Override
    public void close() {
        manager.close();
    }
}
