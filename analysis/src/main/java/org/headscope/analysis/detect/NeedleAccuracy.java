package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;

/**
 * How many needles a model finds when some heads are masked, for many sets of heads at once. What stands before the masked
 * positions is computed a single time.
 */
final class NeedleAccuracy {
    private static final int TOKENS_AT_ONCE = 4096;

    private final AnalysisContext context;
    private final NeedleMask mask;
    private final List<ReceiptSummary> receipts = new ArrayList<>();

    NeedleAccuracy(AnalysisContext context, NeedleMask mask) {
        this.context = context;
        this.mask = mask;
    }

    /** Prompts that are asked together. */
    record Group(int length, double depth, int answer) {
        static Group of(NeedleRun run) {
            return new Group(run.prompt().size(), run.depth(), run.answer().size());
        }
    }

    /**
     * What was found in one group.
     *
     * @param group the prompts
     * @param asked how many there are
     * @param full how many the full model finds
     * @param found how many it finds without each set of heads {@code [set]}
     */
    @SuppressWarnings("ArrayRecordComponent") // summed up at once, never compared
    record Found(Group group, int asked, int full, int[] found) {}

    /** Asks for all needles under every set of heads. */
    List<Found> ask(List<NeedleRun> runs, List<? extends Collection<MaskUnit>> sets, Progress progress) {
        Map<Group, List<NeedleRun>> groups = new LinkedHashMap<>();
        runs.forEach(run ->
                groups.computeIfAbsent(Group.of(run), key -> new ArrayList<>()).add(run));
        List<Found> all = new ArrayList<>();
        groups.forEach((group, members) -> {
            int step = Math.max(1, TOKENS_AT_ONCE / group.length);
            for (int from = 0; from < members.size(); from += step) {
                String name = "needles of " + group.length + " tokens at depth " + group.depth + " from " + from;
                List<NeedleRun> batch = members.subList(from, Math.min(members.size(), from + step));
                all.add(ask(group, batch, sets, new Step(progress, name)));
            }
        });
        return all;
    }

    private record Step(Progress progress, String name) {}

    private Found ask(Group group, List<NeedleRun> runs, List<? extends Collection<MaskUnit>> sets, Step step) {
        step.progress.checkCancelled();
        int[][] ids = runs.stream().map(NeedleAccuracy::read).toArray(int[][]::new);
        List<SweepCell> cells = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            cells.add(new SweepCell("set " + i, mask.off(sets.get(i), group.length - 1, ids[0].length)));
        }
        try (BaseRun base = BaseRun.of(context.model(), TokenBatch.of(ids), context.standing())) {
            var metric = new GreedyAnswer(runs.stream().map(NeedleRun::answer).toList());
            ResumableSweep.Outcome outcome =
                    new ResumableSweep(context, step.progress, step.name, values -> {}).run(base, cells, metric);
            if (receipts.isEmpty()) {
                String site = mask.mode() == NeedleMask.Mode.ZERO ? "z" : "pattern";
                receipts.add(outcome.receipts().summary(mask.mode().name(), "blocks.*.attn.hook_" + site));
            }
            int[] found = Arrays.stream(outcome.values())
                    .mapToInt(share -> (int) Math.round(share * runs.size()))
                    .toArray();
            return new Found(group, runs.size(), (int) Math.round(outcome.base() * runs.size()), found);
        }
    }

    /** The prompt and all of the answer that is read while it is produced. */
    private static int[] read(NeedleRun run) {
        int[] ids = Arrays.copyOf(run.ids(), run.prompt().size() + run.answer().size() - 1);
        for (int i = 0; i < run.answer().size() - 1; i++) {
            ids[run.prompt().size() + i] = run.answer().get(i);
        }
        return ids;
    }

    /** Proof that heads were masked, of the first group. */
    List<ReceiptSummary> receipts() {
        return List.copyOf(receipts);
    }
}
