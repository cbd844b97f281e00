package org.headscope.analysis.detect;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;

/**
 * How heads are masked while needles are looked for.
 *
 * @param mode what is done to a head
 * @param where in which steps
 */
record NeedleMask(Mode mode, Where where) {
    /** What is done to a masked head. */
    public enum Mode {
        /** It attends equally to all keys it sees, as in the authors' program. */
        UNIFORM,
        /** It writes nothing. */
        ZERO
    }

    /** Where heads are masked. */
    public enum Where {
        /** Where tokens are produced: at the last token of the prompt and behind it, as in the authors' program. */
        DECODE,
        /** Everywhere, also while the prompt is read. */
        WHOLE
    }

    /** What to do to heads of a prompt; {@code from} and {@code to} bound the positions that produce answer tokens. */
    List<Intervention> off(Collection<MaskUnit> heads, int from, int to) {
        Ablation how = mode == Mode.ZERO ? new Ablation.Zero() : new Ablation.Uniform();
        Set<Integer> steps = IntStream.range(from, to).boxed().collect(Collectors.toSet());
        return heads.stream()
                .<Intervention>map(head -> new Intervention.Ablate(
                        where == Where.WHOLE
                                ? new Target.Head(head.layer(), head.head())
                                : new Target.HeadAt(head.layer(), head.head(), steps),
                        how))
                .toList();
    }
}
