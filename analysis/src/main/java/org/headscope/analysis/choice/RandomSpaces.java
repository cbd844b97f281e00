package org.headscope.analysis.choice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;

/**
 * The same questions with random subspaces of the same rank around the same means.
 *
 * @param asked the questions
 * @param spaces the subspaces under test
 * @param draws how often
 */
record RandomSpaces(SubspaceRun asked, Map<HeadSide, Subspace> spaces, int draws) {
    List<SubspaceRun.Outcome> ask(AnalysisContext context, Progress progress) {
        Random random = new Random(context.seed());
        List<SubspaceRun.Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < draws; i++) {
            Map<HeadSide, Subspace> drawn = new LinkedHashMap<>();
            spaces.forEach((side, space) -> drawn.put(side, space.random(random)));
            outcomes.add(asked.ask(drawn, List.of(), progress));
        }
        return outcomes;
    }
}
