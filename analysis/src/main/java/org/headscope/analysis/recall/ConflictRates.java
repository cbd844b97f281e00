package org.headscope.analysis.recall;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.WilsonInterval;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;

/**
 * How often a model answers from memory, from the text, or otherwise.
 *
 * @param memory how many times the likeliest token is the answer from memory
 * @param told how many times it is the answer from the text
 * @param total how many questions were asked
 */
record ConflictRates(int memory, int told, int total) {
    double fromMemory() {
        return (double) memory / total;
    }

    double fromText() {
        return (double) told / total;
    }

    double otherwise() {
        return (double) (total - memory - told) / total;
    }

    /** Memory rate with its 95 % interval, text rate, rate of others, number. */
    List<Object> cells() {
        WilsonInterval interval = WilsonInterval.of(memory, total);
        return List.of(fromMemory(), interval.lower(), interval.upper(), fromText(), otherwise(), total);
    }

    /** What was said to every question. */
    static final class Said {
        private final List<Conflict> asked;
        private final Map<EncodedExample, Integer> tokens = new IdentityHashMap<>();

        private Said(List<Conflict> asked) {
            this.asked = asked;
        }

        /** Rates over the questions of one kind; the total may be 0. */
        ConflictRates of(Predicate<Conflict> kind) {
            int memory = 0;
            int told = 0;
            int total = 0;
            for (Conflict one : asked) {
                if (kind.test(one)) {
                    Integer token = tokens.get(one.example());
                    memory += token != null && token == one.memory() ? 1 : 0;
                    told += token != null && token == one.told() ? 1 : 0;
                    total++;
                }
            }
            return new ConflictRates(memory, told, total);
        }

        ConflictRates all() {
            return of(one -> true);
        }
    }

    /** Asks all questions with some heads at zero. */
    static Said ask(
            AnalysisContext context,
            List<Conflict> asked,
            List<MaskUnit> off,
            ReceiptSums receipts,
            Progress progress) {
        List<Intervention> all = new ArrayList<>(context.standing());
        off.forEach(head ->
                all.add(new Intervention.Ablate(new Target.Head(head.layer(), head.head()), new Ablation.Zero())));
        Said said = new Said(asked);
        TaskExam.Outcome outcome = new TaskExam(context.model(), all)
                .examine(asked.stream().map(Conflict::example).toList(), progress);
        outcome.answers().forEach(answer -> said.tokens.put(answer.example(), answer.token()));
        receipts.add(outcome.receipts().stream().map(ReceiptSummary::of).toList());
        return said;
    }
}
