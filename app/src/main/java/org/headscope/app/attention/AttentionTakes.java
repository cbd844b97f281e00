package org.headscope.app.attention;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.app.panel.Take;
import org.headscope.app.picture.Sight;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.LiveRun;

/** What can be taken out of the attention view, as the analysis of patterns gives it. */
final class AttentionTakes {
    private static final int FEWEST_CELLS = 16;
    private static final int MOST_CELLS = 4096;
    private static final String ALL = "-1";

    private final AttentionViewModel model;

    AttentionTakes(AttentionViewModel model) {
        this.model = model;
    }

    /** The pattern that is seen closely. */
    Optional<Take> pattern() {
        return model.question().map(question -> {
            boolean mean = question.head() == PatternQuestion.MEAN;
            Map<String, String> more = new HashMap<>();
            more.put("layer", Integer.toString(question.layer()));
            more.put("head", mean ? ALL : Integer.toString(question.head()));
            more.put("mean", Boolean.toString(mean));
            more.put("cells", Integer.toString(Math.min(MOST_CELLS, cells(question.run()))));
            return take(AttentionWords.title(question), question, more);
        });
    }

    /** All heads, as small as they are seen. */
    Optional<Take> gallery() {
        return model.question().map(question -> {
            Map<String, String> more = new HashMap<>();
            more.put("layer", ALL);
            more.put("cells", Integer.toString(Math.min(GalleryLoader.SIDE, cells(question.run()))));
            return take(Messages.get("attention.page.all"), question, more);
        });
    }

    private static int cells(LiveRun run) {
        return Math.max(FEWEST_CELLS, run.strings().size());
    }

    private Take take(String title, PatternQuestion question, Map<String, String> more) {
        more.put("leave-out", Integer.toString(model.skipped(question.run())));
        HeadMask mask = question.held().mask();
        return Take.ofGrid(
                title,
                question.run()
                        .call(
                                model.bench().services().analyses().get("attention-pattern"),
                                mask,
                                model.bench().seedProperty().get(),
                                more),
                result -> Sight.whole(result.panels().get(0)));
    }
}
