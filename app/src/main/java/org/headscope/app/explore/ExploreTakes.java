package org.headscope.app.explore;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.headscope.analysis.reading.Predictions;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.app.panel.Take;
import org.headscope.app.picture.Sight;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.RunSettings;

/** What can be taken out of the view that masks heads. */
final class ExploreTakes {
    private final ExploreViewModel model;

    ExploreTakes(ExploreViewModel model) {
        this.model = model;
    }

    /** The numbers of the head grid. */
    Optional<Take> scores() {
        HeadScores scores = model.scores();
        return Optional.ofNullable(scores.shownResult()).flatMap(from -> scores.chosenProperty()
                .get()
                .find(from)
                .map(panel -> Take.of(Sight.whole(panel), List.of(from))));
    }

    /** The prediction under the mask, as the analysis of that name gives it. */
    Optional<Take> prediction() {
        LiveRun run = model.bench().runProperty().get();
        if (run == null || model.predictions().isEmpty()) {
            return Optional.empty();
        }
        RunSettings settings = model.bench().settings(run.model());
        AnalysisCall call = run.call(
                model.bench().services().analyses().get("predictions"),
                settings.mask(),
                settings.seed(),
                Map.of("top-k", Integer.toString(model.predictions().size())));
        long last = run.strings().size() - 1L;
        return Optional.of(Take.of(Messages.get("explore.prediction"), call, result -> Sight.whole(at(result, last))));
    }

    private static Table at(Result result, long position) {
        Table all = (Table) result.panel(Predictions.TOP).orElseThrow();
        List<List<Object>> rows =
                all.rows().stream().filter(row -> row.get(0).equals(position)).toList();
        return new Table(all.title(), all.columns(), rows);
    }
}
