package org.headscope.analysis.patching;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;
import org.headscope.hooks.sweep.SweepEngine;
import org.headscope.hooks.sweep.SweepListener;

/** One cell per pair of heads; the senders of a layer share a sweep, so that only their values are held at once. */
final class DirectSweep {
    private final AnalysisContext context;
    private final PatchPair pair;
    private final DirectGrid grid;

    DirectSweep(AnalysisContext context, PatchPair pair, DirectGrid grid) {
        this.context = context;
        this.pair = pair;
        this.grid = grid;
    }

    Findings run(Progress progress) {
        progress.report(0, 0, "clean and corrupt run");
        try (RunResult clean = context.model().run(everything(pair.other()));
                RunResult corrupt = context.model().run(everything(pair.base()));
                BaseRun base = BaseRun.of(context.model(), pair.base().batch(), context.standing())) {
            double here = new SweepEngine()
                    .run(base, List.of(), pair.metric(), SweepListener.NONE)
                    .base();
            PatchGap gap = new PatchGap(here, pair.difference(clean), ActivationPatching.Mode.DENOISE);
            gap.requireWide();
            double[] values = new double[grid.senders().size() * grid.receivers()];
            Arrays.fill(values, Double.NaN);
            List<ReceiptSummary> receipts = new ArrayList<>();
            base.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
            var changes = new DirectChanges(context.model(), grid.kind(), clean.cache(), corrupt.cache());
            // The last layer sends to nobody.
            for (int layer = 0; layer < grid.dims().layers() - 1; layer++) {
                if (!grid.of(layer).isEmpty()) {
                    receipts.add(layer(layer, base, changes, values, progress));
                    progress.partial(effect(gap, values));
                }
            }
            return findings(gap, values, receipts);
        }
    }

    /** Capturing the results of heads and the denominators of norms, and what the change is added to. */
    private RunRequest everything(EncodedPrompt prompt) {
        RunRequest.Builder request = StandingRun.of(context, prompt.batch()).lastLogits();
        for (int layer = 0; layer < grid.dims().layers(); layer++) {
            HookSite scale = HookSite.of(SiteKind.LN1_SCALE, layer);
            request.capture(HookSite.of(SiteKind.RESULT, layer), HookSite.of(grid.kind(), layer));
            if (context.model().sites().has(scale)) {
                request.capture(scale);
            }
        }
        return request.build();
    }

    private ReceiptSummary layer(int layer, BaseRun base, DirectChanges changes, double[] values, Progress progress) {
        try (NDManager owner = context.model().newManager()) {
            List<SweepCell> cells = new ArrayList<>();
            List<Integer> places = new ArrayList<>();
            for (int sender : grid.of(layer)) {
                progress.checkCancelled();
                int head = grid.senders().get(sender).head();
                ActivationCache changed = changes.from(layer, head, owner);
                for (int receiver = (layer + 1) * grid.columns(); receiver < grid.receivers(); receiver++) {
                    cells.add(cell(layer + "." + head, receiver, changed));
                    places.add(sender * grid.receivers() + receiver);
                }
            }
            var sweep = new ResumableSweep(context, progress, "direct paths from layer " + layer, some -> {});
            ResumableSweep.Outcome outcome = sweep.run(base, cells, pair.metric());
            for (int i = 0; i < places.size(); i++) {
                values[places.get(i)] = outcome.values()[i];
            }
            return outcome.receipts()
                    .summary(
                            "direct paths from layer " + layer,
                            "blocks.*." + grid.kind().path());
        }
    }

    private SweepCell cell(String sender, int receiver, ActivationCache changed) {
        HookSite site = HookSite.of(grid.kind(), receiver / grid.columns());
        Region head = Region.head(receiver % grid.columns());
        return new SweepCell(
                sender + " to " + site + " head " + receiver % grid.columns(),
                List.of(new Intervention.Patch(site, head, changed)));
    }

    private Findings findings(PatchGap gap, double[] values, List<ReceiptSummary> receipts) {
        GridPanel patched = grid.panel(
                DirectPathPatching.PATCHED, Quantity.signed("logit difference", "logits"), values, gap.here());
        return Findings.of(List.of(effect(gap, values), patched, semantics(gap)), receipts);
    }

    private GridPanel effect(PatchGap gap, double[] values) {
        double[] effects = Arrays.stream(values)
                .map(value -> (value - gap.here()) / (gap.there() - gap.here()))
                .toArray();
        return grid.panel(DirectPathPatching.EFFECT, Quantity.signed("normalised logit difference", ""), effects, 0);
    }

    private Table semantics(PatchGap gap) {
        return new Table(
                "Semantics",
                List.of(Table.Column.text("what"), Table.Column.text("how")),
                List.of(
                        List.of("run", "corrupt; change of senders from clean (denoising)"),
                        List.of("receivers", grid.kind().path() + " of all later heads"),
                        List.of("between", "the residual stream only; norm linear, its denominator held at corrupt"),
                        List.of("behind the receiver", "recomputed"),
                        List.of("logit difference clean", Double.toString(gap.clean())),
                        List.of("logit difference corrupt", Double.toString(gap.corrupt()))));
    }
}
