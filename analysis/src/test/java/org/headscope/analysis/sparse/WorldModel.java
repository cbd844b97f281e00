package org.headscope.analysis.sparse;

import java.nio.file.Path;
import java.util.List;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.run.RunRequest;

/** The shipped model, and how tests read findings. */
final class WorldModel {
    private WorldModel() {}

    /** With its tables of sines made for the whole context, so that later counts of native memory can agree. */
    static HookedTransformer load() {
        HookedTransformer model =
                ModelLoader.load(Path.of(System.getProperty("headscope.assets"), "models", "world-6l"));
        int[] ids = new int[model.config().dims().context()];
        model.run(RunRequest.of(TokenBatch.of(ids)).lastLogits().build()).close();
        return model;
    }

    static AnalysisContext context(HookedTransformer model, Intervention... standing) {
        return new AnalysisContext(
                model, new SessionPrompts(Session.of(model)), List.of(standing), 4, SweepJournal.none());
    }

    static Panel panel(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    static double[] values(Findings found, String title) {
        return ((HeadGrid) panel(found, title)).grid().toArray();
    }

    static Table table(Findings found, String title) {
        return (Table) panel(found, title);
    }
}
