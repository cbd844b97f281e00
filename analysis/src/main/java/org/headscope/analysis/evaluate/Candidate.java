package org.headscope.analysis.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskException;
import org.headscope.analysis.mask.MaskInterventions;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.RandomControl;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.intervene.Intervention;

/**
 * One of the masks that are compared.
 *
 * @param label what to call it
 * @param mask what is masked
 * @param interventions what it does
 */
record Candidate(String label, HeadMask mask, List<Intervention> interventions) {
    /** What the first candidate is called. */
    static final String UNMASKED = "unmasked";
    /** What the second candidate is called. */
    static final String MASKED = "masked";

    /** In front of the seed of a random mask. */
    static final String RANDOM = "random ";

    Candidate {
        interventions = List.copyOf(interventions);
    }

    /** The model as it is, the active mask, and random masks with as many heads in every layer. */
    static List<Candidate> of(AnalysisContext context, int controls) {
        MaskShape shape = MaskShape.of(context.model().config().dims());
        if (context.standing().isEmpty()) {
            throw new HeadscopeException("Nothing is masked, so there is nothing to compare with the model as it is."
                    + " Mask some heads, or give a mask file with --mask.");
        }
        HeadMask mask = MaskInterventions.read(shape, context.standing());
        List<Candidate> all = new ArrayList<>();
        all.add(new Candidate(UNMASKED, HeadMask.none(shape), List.of()));
        all.add(new Candidate(MASKED, mask, context.standing()));
        boolean heads = !mask.units(MaskUnit.Kind.HEAD).isEmpty();
        for (int i = 0; heads && i < controls; i++) {
            all.add(control(mask, context.seed() + i, MaskInterventions.with(context.standing())));
        }
        return all;
    }

    /** Other heads with the same settings; parts that are no heads stay as they are. */
    private static Candidate control(HeadMask mask, long seed, MaskInterventions compiler) {
        RandomControl draw = new RandomControl(seed, true, Set.of());
        HeadMask drawn;
        String how = "";
        try {
            drawn = draw.draw(mask);
        } catch (MaskException e) { // more than half of a layer is masked
            drawn = draw.drawOverlapping(mask);
            how = ", may overlap";
        }
        HeadMask whole = mask.without(mask.units(MaskUnit.Kind.HEAD)).union(drawn);
        return new Candidate(RANDOM + seed + how, whole, compiler.compile(whole));
    }

    /** What is masked, in words. */
    String parts() {
        return mask.entries().keySet().stream().map(MaskUnit::label).collect(Collectors.joining(" "));
    }
}
