package org.headscope.analysis.mask.io;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.hooks.intervene.Ablation.Mode;

/** The heads of a mask in the shapes other tools use. 1 means keep, 0 means masked, as in Hugging Face's head masks. */
final class MaskViews {
    private MaskViews() {}

    /** {@code [layer][head]}: the gate, 0 for other modes, 1 for untouched heads. */
    static double[][] gates(HeadMask mask) {
        double[][] gates = new double[mask.shape().layers()][mask.shape().heads()];
        for (int layer = 0; layer < gates.length; layer++) {
            for (MaskUnit head : mask.shape().headsOf(layer)) {
                gates[layer][head.head()] =
                        mask.setting(head).map(MaskSetting::keep).orElse(1.0);
            }
        }
        return gates;
    }

    /** {@code [layer][head]}: 0 where a head is off, 1 where it is untouched or merely turned down. */
    static int[][] bits(HeadMask mask) {
        double[][] gates = gates(mask);
        int[][] bits = new int[gates.length][mask.shape().heads()];
        for (int layer = 0; layer < bits.length; layer++) {
            for (int head = 0; head < bits[layer].length; head++) {
                bits[layer][head] = gates[layer][head] == 0 ? 0 : 1;
            }
        }
        return bits;
    }

    /** Heads that are off, per layer that has any. */
    static SortedMap<Integer, List<Integer>> prunedHeads(HeadMask mask) {
        SortedMap<Integer, List<Integer>> pruned = new TreeMap<>();
        for (MaskUnit head : mask.units(MaskUnit.Kind.HEAD)) {
            if (mask.setting(head).orElseThrow().off()) {
                pruned.computeIfAbsent(head.layer(), layer -> new ArrayList<>()).add(head.head());
            }
        }
        return pruned;
    }

    /** What a format that knows only removed heads cannot carry. */
    static List<String> lossesWithoutModes(HeadMask mask, boolean gatesKept) {
        List<String> losses = new ArrayList<>();
        for (MaskUnit.Kind kind : MaskUnit.Kind.values()) {
            int count = mask.units(kind).size();
            if (kind != MaskUnit.Kind.HEAD && count > 0) {
                losses.add(count + " masked " + kind.plural() + " are left out: the format knows only heads.");
            }
        }
        count(mask, losses, gatesKept);
        return losses;
    }

    private static void count(HeadMask mask, List<String> losses, boolean gatesKept) {
        long replaced = heads(mask, Mode.MEAN) + heads(mask, Mode.RESAMPLE) + heads(mask, Mode.UNIFORM);
        if (replaced > 0) {
            losses.add(replaced + " heads are masked otherwise than with zero; the format has no mode.");
        }
        long gated = mask.units(MaskUnit.Kind.HEAD).stream()
                .map(head -> mask.setting(head).orElseThrow())
                .filter(setting -> setting.mode() == Mode.GATE && !setting.off())
                .count();
        if (gated > 0 && !gatesKept) {
            losses.add(gated + " heads are only turned down; the format would keep them whole.");
        }
    }

    private static long heads(HeadMask mask, Mode mode) {
        return mask.units(MaskUnit.Kind.HEAD).stream()
                .filter(head -> mask.setting(head).orElseThrow().mode() == mode)
                .count();
    }
}
