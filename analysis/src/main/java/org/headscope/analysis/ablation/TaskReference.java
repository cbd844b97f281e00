package org.headscope.analysis.ablation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Reference prompts sorted by what they can stand in for, with the means of their head outputs. */
final class TaskReference implements AutoCloseable {
    private static final int TOKENS_AT_ONCE = 4096;

    private final AnalysisContext context;
    private final Averaging averaging;
    private final List<HookSite> sites;
    private final Map<Averaging.Key, List<int[]>> prompts = new LinkedHashMap<>();
    private final Map<Averaging.Key, ActivationCache> means = new LinkedHashMap<>();
    private final SplittableRandom random;
    private final NDManager owner;

    TaskReference(AnalysisContext context, Averaging averaging, List<ReferenceSet.Prompt> drawn) {
        this.context = context;
        this.averaging = averaging;
        this.random = new SplittableRandom(context.seed());
        this.sites = IntStream.range(0, context.model().config().dims().layers())
                .mapToObj(layer -> HookSite.of(SiteKind.Z, layer))
                .toList();
        for (ReferenceSet.Prompt one : drawn) {
            prompts.computeIfAbsent(averaging.key(one.form(), one.ids().length), key -> new ArrayList<>())
                    .add(one.ids());
        }
        this.owner = context.model().newManager();
    }

    /** The smallest number of prompts that stand in for anything. */
    int fewest() {
        return prompts.values().stream().mapToInt(List::size).min().orElse(0);
    }

    /** Means for a batch of examples, {@code [batch or 1, pos or 1, head, d_head]} per layer. */
    ActivationCache means(List<EncodedExample> batch, NDManager rows, Progress progress) {
        List<Averaging.Key> keys = batch.stream().map(this::key).toList();
        for (Averaging.Key key : keys) {
            progress.checkCancelled();
            means.computeIfAbsent(key, this::mean);
        }
        ActivationCache first = cached(keys.get(0));
        if (keys.stream().distinct().count() == 1) {
            return first;
        }
        ActivationCache together = new ActivationCache(rows.newSubManager());
        for (HookSite site : sites) {
            together.put(site, stacked(keys, site, rows));
        }
        return together;
    }

    private NDArray stacked(List<Averaging.Key> keys, HookSite site, NDManager rows) {
        NDArray all = Alias.of(cached(keys.get(0)).get(site), rows);
        for (Averaging.Key key : keys.subList(1, keys.size())) {
            try (NDArray before = all) {
                all = before.concat(cached(key).get(site), 0);
            }
        }
        return all;
    }

    private ActivationCache cached(Averaging.Key key) {
        ActivationCache cache = means.get(key);
        if (cache == null) {
            throw new IllegalStateException("no means of " + key);
        }
        return cache;
    }

    private ActivationCache mean(Averaging.Key key) {
        ReferenceMeans sums = new ReferenceMeans(context, sites, averaging != Averaging.GLOBAL);
        Map<Integer, List<int[]>> byLength = new LinkedHashMap<>();
        of(key).forEach(ids -> byLength.computeIfAbsent(ids.length, length -> new ArrayList<>())
                .add(ids));
        byLength.forEach((length, same) -> {
            int step = Math.max(1, TOKENS_AT_ONCE / length);
            for (int from = 0; from < same.size(); from += step) {
                sums.add(batch(same.subList(from, Math.min(same.size(), from + step))));
            }
        });
        return sums.means(key.length(), owner);
    }

    /** Head outputs of one reference prompt per example, {@code [batch, pos, head, d_head]} per layer; to be closed. */
    RunResult donors(List<EncodedExample> batch) {
        List<int[]> drawn = new ArrayList<>();
        for (EncodedExample example : batch) {
            List<int[]> candidates = of(key(example));
            drawn.add(candidates.get(random.nextInt(candidates.size())));
        }
        return context.model()
                .run(StandingRun.of(context, batch(drawn))
                        .capture(sites)
                        .lastLogits()
                        .build());
    }

    private Averaging.Key key(EncodedExample example) {
        return averaging.key(example.example().form(), example.length());
    }

    private List<int[]> of(Averaging.Key key) {
        List<int[]> found = prompts.get(key);
        if (found == null) {
            throw ParameterException.refused(
                    "references",
                    "",
                    "more reference prompts, or average otherwise: none of "
                            + key.length() + " tokens "
                            + (key.form().isEmpty() ? "" : "with the template '" + key.form() + "' ") + "was drawn");
        }
        return found;
    }

    private static TokenBatch batch(List<int[]> ids) {
        return TokenBatch.of(ids.toArray(int[][]::new));
    }

    @Override
    public void close() {
        owner.close();
    }
}
