package org.headscope.analysis.mask;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;

/**
 * Draws control masks: as many heads as the mask under test, none of them its own, so that "these heads matter" can be
 * compared with "any heads matter".
 *
 * @param seed the same seed draws the same heads, on every machine
 * @param sameLayers whether to draw, for every head, one of the same layer
 * @param excluded further heads never to draw, such as all that score above a threshold
 */
public record RandomControl(long seed, boolean sameLayers, Set<MaskUnit> excluded) {
    /** Copies the set. */
    public RandomControl {
        excluded = Set.copyOf(excluded);
    }

    /**
     * Draws a control.
     *
     * @param mask the mask under test; parts other than heads are not drawn and not kept
     * @return as many heads with the same settings in the same order
     * @throws MaskException when there are too few heads left to draw from
     */
    public HeadMask draw(HeadMask mask) {
        return draw(mask, false);
    }

    /**
     * Draws a control that may share heads with the mask, for masks of more than half of the heads.
     *
     * @param mask the mask under test; parts other than heads are not drawn and not kept
     * @return as many heads with the same settings in the same order
     * @throws MaskException when there are too few heads that are not excluded
     */
    public HeadMask drawOverlapping(HeadMask mask) {
        return draw(mask, true);
    }

    private HeadMask draw(HeadMask mask, boolean overlapping) {
        Random random = new Random(seed);
        SortedSet<MaskUnit> own = mask.units(MaskUnit.Kind.HEAD);
        HeadMask control = HeadMask.none(mask.shape());
        List<List<MaskUnit>> groups = sameLayers
                ? own.stream()
                        .map(MaskUnit::layer)
                        .distinct()
                        .map(layer -> own.stream()
                                .filter(unit -> unit.layer() == layer)
                                .toList())
                        .toList()
                : List.of(List.copyOf(own));
        for (List<MaskUnit> group : groups) {
            List<MaskUnit> drawn = draw(candidates(mask, group, overlapping), group, random);
            for (int i = 0; i < group.size(); i++) {
                control = control.with(drawn.get(i), mask.setting(group.get(i)).orElseThrow());
            }
        }
        return control;
    }

    private List<MaskUnit> candidates(HeadMask mask, List<MaskUnit> group, boolean overlapping) {
        List<MaskUnit> candidates = new ArrayList<>();
        for (int layer = 0; layer < mask.shape().layers(); layer++) {
            if (!sameLayers || group.get(0).layer() == layer) {
                candidates.addAll(mask.shape().headsOf(layer));
            }
        }
        candidates.removeIf(head ->
                excluded.contains(head) || !overlapping && mask.setting(head).isPresent());
        return candidates;
    }

    private List<MaskUnit> draw(List<MaskUnit> candidates, List<MaskUnit> group, Random random) {
        if (candidates.size() < group.size()) {
            throw new MaskException("A control for " + group.size() + " heads"
                    + (sameLayers ? " of layer " + group.get(0).layer() : "") + " cannot be drawn: only "
                    + candidates.size() + " other heads are left. Exclude fewer, or draw from all layers.");
        }
        Collections.shuffle(candidates, random);
        return candidates.subList(0, group.size());
    }
}
