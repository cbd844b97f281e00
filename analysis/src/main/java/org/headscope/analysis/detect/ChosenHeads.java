package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.RandomControl;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;

/**
 * Heads in the order of their retrieval scores, and the ones that controls are drawn from: those that score below 0.1.
 *
 * @param shape of the model
 * @param ranked heads that score above 0, strongest first
 * @param scoring heads that score 0.1 or more
 * @param kept needles that counted for the score
 */
record ChosenHeads(MaskShape shape, List<MaskUnit> ranked, Set<MaskUnit> scoring, int kept) {
    ChosenHeads {
        ranked = List.copyOf(ranked);
        scoring = Set.copyOf(scoring);
    }

    static ChosenHeads of(AnalysisContext context, RetrievalTally tally) {
        if (tally.kept() == 0) {
            throw new HeadscopeException("The model found none of the needles that heads are scored on, so none of its"
                    + " heads has a retrieval score. Try shorter lengths, one secret and one word, or another model.");
        }
        Dims dims = context.model().config().dims();
        double[] scores = tally.paper();
        List<MaskUnit> ranked = new ArrayList<>();
        Set<MaskUnit> scoring = new HashSet<>();
        for (RankedHeads.Head head :
                RankedHeads.top(dims, (layer, one) -> scores[layer * dims.heads() + one], scores.length)) {
            double score = scores[head.layer() * dims.heads() + head.head()];
            MaskUnit unit = MaskUnit.head(head.layer(), head.head());
            if (score > 0) {
                ranked.add(unit);
            }
            if (score >= RetrievalHeads.RETRIEVES) {
                scoring.add(unit);
            }
        }
        return new ChosenHeads(MaskShape.of(dims), ranked, scoring, tally.kept());
    }

    /** Heads that controls may be drawn from. */
    int others() {
        return shape.layers() * shape.heads() - scoring.size();
    }

    /** The {@code count} strongest heads, with random sets of as many. */
    MaskedSets sets(int count, int controls, long seed) {
        int most = Math.min(
                ranked.size(),
                others()
                        - (int) ranked.stream()
                                .filter(head -> !scoring.contains(head))
                                .count());
        if (count > most) {
            throw ParameterException.refused(
                    "masked",
                    Integer.toString(count),
                    "numbers up to " + most + ": " + ranked.size() + " heads have a retrieval score above 0 and "
                            + others() + " one below 0.1, which controls are drawn from");
        }
        return of(ranked.subList(0, count), controls, seed);
    }

    /** Given heads, with random sets of as many. */
    MaskedSets of(List<MaskUnit> heads, int controls, long seed) {
        HeadMask mask = HeadMask.none(shape).with(heads, MaskSetting.ZERO);
        List<Collection<MaskUnit>> random = new ArrayList<>();
        for (int i = 0; i < controls; i++) {
            HeadMask control = new RandomControl(seed + i, false, scoring).draw(mask);
            random.add(List.copyOf(control.units(MaskUnit.Kind.HEAD)));
        }
        return new MaskedSets(heads, random);
    }
}
