package org.headscope.analysis.choice;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Averages where heads look from the last token. Only that row of attention is ever kept. */
final class GazeScan {
    private static final int TOKENS_AT_ONCE = 2048;

    private final AnalysisContext context;
    private final Dims dims;
    private final double[][] sums;
    private final int labels;
    private int questions;

    private GazeScan(AnalysisContext context, int labels) {
        this.context = context;
        this.dims = context.model().config().dims();
        this.labels = labels;
        this.sums = new double[dims.layers() * dims.heads()][2 * labels + 3];
    }

    /** One for every head, {@code [layer * heads + head]}. */
    static List<Gaze> of(AnalysisContext context, List<ChoicePrompt> prompts, Progress progress) {
        GazeScan scan = new GazeScan(context, prompts.get(0).labels().size());
        for (List<ChoicePrompt> group : byLength(prompts)) {
            int step = Math.max(1, TOKENS_AT_ONCE / group.get(0).example().length());
            for (int from = 0; from < group.size(); from += step) {
                progress.checkCancelled();
                scan.batch(group.subList(from, Math.min(group.size(), from + step)));
                progress.report(scan.questions, prompts.size(), "looking at attention");
            }
        }
        return scan.gazes();
    }

    static List<List<ChoicePrompt>> byLength(List<ChoicePrompt> prompts) {
        return List.copyOf(prompts.stream()
                .collect(Collectors.groupingBy(prompt -> prompt.example().length(), TreeMap::new, Collectors.toList()))
                .values());
    }

    private void batch(List<ChoicePrompt> batch) {
        int[][] ids = batch.stream().map(prompt -> prompt.example().clean()).toArray(int[][]::new);
        int last = ids[0].length - 1;
        RunRequest.Builder request = StandingRun.of(context, TokenBatch.of(ids)).lastLogits();
        for (int l = 0; l < dims.layers(); l++) {
            int layer = l;
            request.hook("gaze " + l, HookSite.of(SiteKind.PATTERN, l), (value, point) -> {
                try (NDArray rows = value.get(new NDIndex(":, :, {}, :", last))) {
                    add(layer, batch, rows.toFloatArray());
                }
                return null;
            });
        }
        context.model().run(request.build()).close();
        questions += batch.size();
    }

    /** {@code rows [prompt, head, key]}. */
    private void add(int layer, List<ChoicePrompt> batch, float[] rows) {
        int keys = rows.length / batch.size() / dims.heads();
        for (int b = 0; b < batch.size(); b++) {
            ChoicePrompt prompt = batch.get(b);
            int behind = prompt.contents().stream()
                    .flatMap(List::stream)
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElse(-1);
            for (int h = 0; h < dims.heads(); h++) {
                int from = (b * dims.heads() + h) * keys;
                double[] sum = sums[layer * dims.heads() + h];
                for (int option = 0; option < labels; option++) {
                    double label = rows[from + prompt.positions().get(option)];
                    double content = prompt.contents().get(option).stream()
                            .mapToDouble(p -> rows[from + p])
                            .sum();
                    sum[option] += label;
                    sum[labels + 3 + option] += content;
                    sum[labels] += option == prompt.right() ? label : 0;
                    sum[labels + 1] += option == prompt.right() ? content : 0;
                }
                for (int p = behind + 1; behind >= 0 && p < keys; p++) {
                    sum[labels + 2] += rows[from + p];
                }
            }
        }
    }

    private List<Gaze> gazes() {
        return Arrays.stream(sums)
                .map(sum -> {
                    double[] means =
                            Arrays.stream(sum).map(value -> value / questions).toArray();
                    return new Gaze(
                            means[labels],
                            Arrays.copyOf(means, labels),
                            means[labels + 1],
                            Arrays.copyOfRange(means, labels + 3, means.length),
                            means[labels + 2]);
                })
                .toList();
    }
}
