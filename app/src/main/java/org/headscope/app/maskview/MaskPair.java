package org.headscope.app.maskview;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;

/**
 * Two masks of one grid.
 *
 * @param first the first, called A
 * @param second the second, called B
 */
public record MaskPair(HeadMask first, HeadMask second) {

    /** Where a part is masked. */
    public enum Where {
        /** In neither. */
        NEITHER("·"),
        /** In the first only. */
        FIRST("A"),
        /** In the second only. */
        SECOND("B"),
        /** In both in the same way. */
        SAME("="),
        /** In both, each in its own way. */
        DIFFERENT("≠");

        private final String sign;

        Where(String sign) {
            this.sign = sign;
        }

        /** @return what stands in its cells, so that nobody needs the colours */
        public String sign() {
            return sign;
        }
    }

    /** @return where a part is masked */
    public Where where(MaskUnit unit) {
        Optional<MaskSetting> one = first.setting(unit);
        Optional<MaskSetting> other = second.setting(unit);
        if (one.isEmpty()) {
            return other.isEmpty() ? Where.NEITHER : Where.SECOND;
        }
        if (other.isEmpty()) {
            return Where.FIRST;
        }
        return one.equals(other) ? Where.SAME : Where.DIFFERENT;
    }

    /** @return how many heads are masked where */
    public Map<Where, Integer> heads() {
        Map<Where, Integer> counts = new EnumMap<>(Where.class);
        for (Where each : Where.values()) {
            counts.put(each, 0);
        }
        first.shape().units(MaskUnit.Kind.HEAD).forEach(unit -> counts.merge(where(unit), 1, Integer::sum));
        return counts;
    }

    /** @return parts that are no heads and parts set differently, in words */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        first.union(second).entries().keySet().forEach(unit -> {
            Where at = where(unit);
            if (at == Where.DIFFERENT || unit.kind() != MaskUnit.Kind.HEAD) {
                remarks.add(unit.label() + ": A " + words(first, unit) + ", B " + words(second, unit));
            }
        });
        return remarks;
    }

    private static String words(HeadMask mask, MaskUnit unit) {
        return mask.setting(unit).map(MaskSetting::label).orElse("–");
    }
}
