package org.headscope.analysis.choice;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * Questions asked of a model some of whose heads have few directions left.
 *
 * @param context model and standing interventions
 * @param prompts the questions
 * @param heads the heads whose attention is watched
 */
record SubspaceRun(AnalysisContext context, List<ChoicePrompt> prompts, List<MaskUnit> heads) {
    private static final int TOKENS_AT_ONCE = 2048;

    /**
     * What came of it.
     *
     * @param scores one for each question
     * @param attention from the last token to the right label, mean over questions and heads
     * @param rows attention from the last token, one row per question and watched head
     * @param receipts what the projections changed, in the last batch
     */
    record Outcome(List<ChoiceScore> scores, double attention, List<float[]> rows, List<Receipt> receipts) {
        /** Half the sum of differences to another outcome, mean over questions and heads. */
        double moved(Outcome from, int questionsAndHeads) {
            double sum = 0;
            for (int i = 0; i < rows.size(); i++) {
                for (int k = 0; k < rows.get(i).length; k++) {
                    sum += Math.abs(rows.get(i)[k] - from.rows.get(i)[k]) / 2;
                }
            }
            return sum / questionsAndHeads;
        }
    }

    /** Collects the vectors of each side over all questions, {@code [vectors][d_head]}. */
    Map<HeadSide, List<double[]>> sample(List<HeadSide> sides, Progress progress) {
        Map<HeadSide, List<double[]>> sample = new LinkedHashMap<>();
        sides.forEach(side -> sample.put(side, new ArrayList<>()));
        for (List<ChoicePrompt> batch : batches()) {
            progress.checkCancelled();
            RunRequest.Builder request = request(batch, List.of());
            new TreeSet<>(sides.stream().map(HeadSide::site).toList())
                    .forEach(site -> request.hook("sample " + site, site, (value, point) -> {
                        Rows rows = Rows.of(value);
                        sample.forEach((side, into) -> {
                            if (side.site().equals(site)) {
                                rows.collect(side, batch, into);
                            }
                        });
                        return null;
                    }));
            context.model().run(request.build()).close();
        }
        return sample;
    }

    /** Asks with each side projected onto its subspace, and with further interventions. */
    Outcome ask(Map<HeadSide, Subspace> spaces, List<Intervention> more, Progress progress) {
        List<ChoiceScore> scores = new ArrayList<>();
        List<Receipt> receipts = new ArrayList<>();
        double[] attention = new double[1];
        List<float[]> watched = new ArrayList<>();
        for (List<ChoicePrompt> batch : batches()) {
            progress.checkCancelled();
            RunRequest.Builder request = request(batch, more);
            spaces.forEach((side, space) -> request.hook(side.label(), side.site(), (value, point) -> {
                Rows rows = Rows.of(value);
                rows.project(side, batch, space);
                return rows.array(value);
            }));
            watch(request, batch, attention, watched);
            try (RunResult run = context.model().run(request.build())) {
                scores.addAll(ChoiceScore.all(batch, run.logits().toFloatArray()));
                receipts.clear();
                run.receipts().stream()
                        .filter(receipt -> !receipt.label().startsWith("gaze"))
                        .forEach(receipts::add);
            }
        }
        return new Outcome(scores, attention[0] / questionsAndHeads(), watched, List.copyOf(receipts));
    }

    int questionsAndHeads() {
        return prompts.size() * heads.size();
    }

    private RunRequest.Builder request(List<ChoicePrompt> batch, List<Intervention> more) {
        int[][] ids = batch.stream().map(prompt -> prompt.example().clean()).toArray(int[][]::new);
        List<Intervention> all =
                Stream.concat(context.standing().stream(), more.stream()).toList();
        return RunRequest.of(TokenBatch.of(ids))
                .edits(new Interventions(context.model().config()).compile(all))
                .lastLogits();
    }

    private void watch(RunRequest.Builder request, List<ChoicePrompt> batch, double[] sum, List<float[]> watched) {
        int last = batch.get(0).example().length() - 1;
        heads.stream().map(MaskUnit::layer).distinct().forEach(layer -> {
            HookSite site = HookSite.of(SiteKind.PATTERN, layer);
            request.hook("gaze " + layer, site, (value, point) -> {
                try (NDArray rows = value.get(new NDIndex(":, :, {}, :", last))) {
                    sum[0] += right(batch, layer, rows, watched);
                }
                return null;
            });
        });
    }

    /** {@code rows [prompt, head, key]}. */
    private double right(List<ChoicePrompt> batch, int layer, NDArray rows, List<float[]> watched) {
        float[] values = rows.toFloatArray();
        int all = Math.toIntExact(rows.getShape().get(1));
        int keys = values.length / batch.size() / all;
        double sum = 0;
        for (int b = 0; b < batch.size(); b++) {
            int key = batch.get(b).positions().get(batch.get(b).right());
            for (MaskUnit head : heads) {
                if (head.layer() == layer) {
                    int from = (b * all + head.head()) * keys;
                    sum += values[from + key];
                    watched.add(Arrays.copyOfRange(values, from, from + keys));
                }
            }
        }
        return sum;
    }

    private List<List<ChoicePrompt>> batches() {
        List<List<ChoicePrompt>> batches = new ArrayList<>();
        for (List<ChoicePrompt> group : GazeScan.byLength(prompts)) {
            int step = Math.max(1, TOKENS_AT_ONCE / group.get(0).example().length());
            for (int from = 0; from < group.size(); from += step) {
                batches.add(group.subList(from, Math.min(group.size(), from + step)));
            }
        }
        return batches;
    }

    /** Numbers of an activation {@code [batch, pos, head, d_head]} outside the engine. */
    @SuppressWarnings("ArrayRecordComponent") // changed in place, never compared
    private record Rows(float[] values, int length, int heads, int width) {
        static Rows of(NDArray value) {
            var shape = value.getShape();
            return new Rows(value.toFloatArray(), (int) shape.get(1), (int) shape.get(2), (int) shape.get(3));
        }

        private int at(int prompt, int position, int index) {
            return ((prompt * length + position) * heads + index) * width;
        }

        void collect(HeadSide side, List<ChoicePrompt> batch, List<double[]> into) {
            for (int b = 0; b < batch.size(); b++) {
                for (int position : side.positions(batch.get(b))) {
                    double[] vector = new double[width];
                    int from = at(b, position, side.index());
                    Arrays.setAll(vector, i -> values[from + i]);
                    into.add(vector);
                }
            }
        }

        void project(HeadSide side, List<ChoicePrompt> batch, Subspace space) {
            for (int b = 0; b < batch.size(); b++) {
                for (int position : side.positions(batch.get(b))) {
                    space.project(values, at(b, position, side.index()));
                }
            }
        }

        NDArray array(NDArray like) {
            return like.getManager().create(values, like.getShape());
        }
    }
}
