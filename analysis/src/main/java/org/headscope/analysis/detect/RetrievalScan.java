package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.generate.Generation;
import org.headscope.hooks.generate.GenerationListener;
import org.headscope.hooks.generate.GenerationRequest;
import org.headscope.hooks.generate.GenerationStep;
import org.headscope.hooks.generate.Generator;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * Lets a model read needles and watches, in every step of decoding, which heads attend to what it says.
 *
 * @param tally what every head copied
 * @param receipts of what stands
 */
record RetrievalScan(RetrievalTally tally, List<ReceiptSummary> receipts) {
    /** Runs count whose response holds more than this share of the answer. */
    private static final double RECALLED = 0.5;

    static RetrievalScan of(AnalysisContext context, List<NeedleRun> runs, Progress progress) {
        RetrievalTally tally = new RetrievalTally(context.model().config().dims());
        List<ReceiptSummary> receipts = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            progress.checkCancelled();
            Generation said = read(context, runs.get(i), tally);
            if (i == 0) {
                said.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
            }
            progress.report(i + 1L, runs.size(), tally.kept() + " needles found");
        }
        return new RetrievalScan(tally, List.copyOf(receipts));
    }

    private static Generation read(AnalysisContext context, NeedleRun run, RetrievalTally tally) {
        HookSite[] patterns = IntStream.range(0, context.model().config().dims().layers())
                .mapToObj(layer -> HookSite.of(SiteKind.PATTERN, layer))
                .toArray(HookSite[]::new);
        RetrievalTally.Sheet sheet = tally.open(run);
        GenerationRequest request = GenerationRequest.greedy(
                        run.ids(), run.answer().size())
                .edits(new Interventions(context.model().config()).compile(context.standing()))
                .observing(patterns);
        Generation said = new Generator(context.model()).run(request, new GenerationListener() {
            @Override
            public void generated(GenerationStep step) {
                for (HookSite site : patterns) {
                    look(sheet, site.layer(), step.id(), step.cache().get(site));
                }
            }
        });
        if (run.recall(said.ids()) > RECALLED) {
            sheet.keep();
        }
        return said;
    }

    /** {@code pattern [1, head, 1, k_pos]}: one row per head, however long the text. */
    private static void look(RetrievalTally.Sheet sheet, int layer, int token, NDArray pattern) {
        float[] rows = pattern.toFloatArray();
        int heads = (int) pattern.getShape().get(1);
        int keys = rows.length / heads;
        for (int head = 0; head < heads; head++) {
            int best = 0;
            for (int key = 1; key < keys; key++) {
                best = rows[head * keys + key] > rows[head * keys + best] ? key : best;
            }
            sheet.saw(layer, head, token, best);
        }
    }
}
