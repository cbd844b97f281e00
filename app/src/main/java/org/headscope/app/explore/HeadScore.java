package org.headscope.app.explore;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Result;
import org.headscope.app.text.Messages;

/**
 * A number per head that the grid can show.
 *
 * @param label what it is called
 * @param analysis id of the analysis that computes it, empty for none
 * @param panel a word of the title of its panel
 */
public record HeadScore(String label, String analysis, String panel) {
    /** No numbers. */
    public static final HeadScore NONE = new HeadScore(Messages.get("explore.score.none"), "", "");

    /** Everything that may be offered, where its analysis is there. */
    static final List<HeadScore> ALL = List.of(
            NONE,
            new HeadScore(Messages.get("explore.score.previous"), "head-detectors", "previous"),
            new HeadScore(Messages.get("explore.score.duplicate"), "head-detectors", "duplicate"),
            new HeadScore(Messages.get("explore.score.induction"), "head-detectors", "induction"),
            new HeadScore(Messages.get("explore.score.sink"), "attention-sinks", "sink"),
            new HeadScore(Messages.get("explore.score.ablation"), "head-ablation", ""));

    /** Finds the panel; a result with a single grid needs no name. */
    Optional<HeadGrid> find(Result result) {
        List<HeadGrid> grids = result.panels().stream()
                .filter(HeadGrid.class::isInstance)
                .map(HeadGrid.class::cast)
                .toList();
        return grids.stream()
                .filter(grid -> grid.title().toLowerCase(Locale.ROOT).contains(panel))
                .findFirst()
                .or(() -> grids.stream().findFirst());
    }
}
