package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.SecretNeedle;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.jspecify.annotations.Nullable;

/** Needles in haystacks of all wanted lengths and depths, from texts that were given or made up. */
final class NeedleRuns {
    private final AnalysisContext context;
    private final Plan plan;

    /** Texts that were given, all four or none. */
    record Texts(
            @Nullable Prompt haystack, @Nullable Prompt needle, @Nullable Prompt answer, @Nullable Prompt question) {
        static final Texts NONE = new Texts(null, null, null, null);
    }

    /** What is wanted: {@code lengths} in tokens, number of {@code depths}, and {@code sets} of needles of a kind if made up. */
    record Plan(Texts texts, List<Integer> lengths, int depths, int sets, SecretNeedle.Kind kind, long seed) {}

    private NeedleRuns(AnalysisContext context, Plan plan) {
        this.context = context;
        this.plan = plan;
    }

    static List<NeedleRun> of(AnalysisContext context, Plan plan) {
        return new NeedleRuns(context, plan).all();
    }

    private List<NeedleRun> all() {
        List<NeedleRun> runs = new ArrayList<>();
        int period = period();
        for (NeedleRun.Parts parts : parts()) {
            requirePart(parts);
            for (int length : plan.lengths) {
                requireLength(parts, length);
                for (int i = 0; i < plan.depths; i++) {
                    double depth = plan.depths == 1 ? 0.5 : i / (plan.depths - 1.0);
                    runs.add(NeedleRun.of(parts, length, depth, period));
                }
            }
        }
        return runs;
    }

    private List<NeedleRun.Parts> parts() {
        long missing = Stream.of(plan.texts.haystack(), plan.texts.needle(), plan.texts.answer(), plan.texts.question())
                .filter(Objects::isNull)
                .count();
        if (missing == 4) {
            return made();
        }
        if (missing > 0) {
            throw new HeadscopeException("Give haystack, needle, answer and question, or none of them: " + missing
                    + " of the four are missing.");
        }
        return List.of(new NeedleRun.Parts(
                ids(plan.texts.haystack(), true),
                ids(plan.texts.needle(), false),
                List.of(),
                ids(plan.texts.question(), false),
                ids(plan.texts.answer(), false)));
    }

    private List<NeedleRun.Parts> made() {
        TaskEncoder encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        SplittableRandom random = new SplittableRandom(plan.seed);
        int longest = Collections.max(plan.lengths);
        return IntStream.range(0, plan.sets)
                .mapToObj(i -> SecretNeedle.draw(encoder.words(), longest, plan.kind, random))
                .map(made -> new NeedleRun.Parts(
                        ids(new Prompt.Text(made.haystack()), true),
                        ids(new Prompt.Text(made.needle()), false),
                        made.others().stream()
                                .map(other -> ids(new Prompt.Text(other), false))
                                .toList(),
                        ids(new Prompt.Text(made.question()), false),
                        ids(new Prompt.Text(made.answer()), false)))
                .toList();
    }

    /** The front of a prompt gets a BOS as the policy says, what comes behind it none. */
    private List<Integer> ids(@Nullable Prompt prompt, boolean front) {
        if (prompt instanceof Prompt.Ids given) {
            return given.ids();
        }
        TextTokenizer tokenizer = context.model().tokenizer();
        if (tokenizer == null || prompt == null) {
            throw new HeadscopeException("This model takes token ids only: give all four as ids:1,2,3.");
        }
        BosPolicy bos = front ? context.prompts().bos() : BosPolicy.NEVER;
        return IntStream.of(tokenizer.encode(((Prompt.Text) prompt).text(), bos).ids())
                .boxed()
                .toList();
    }

    private int period() {
        TextTokenizer tokenizer = context.model().tokenizer();
        if (tokenizer == null) {
            return -1;
        }
        int[] withPeriod = tokenizer.encode("a.", BosPolicy.NEVER).ids();
        return withPeriod[withPeriod.length - 1];
    }

    private void requirePart(NeedleRun.Parts parts) {
        if (parts.answer().isEmpty() || Collections.indexOfSubList(parts.needle(), parts.answer()) < 0) {
            throw ParameterException.refused(
                    "answer",
                    plan.texts.answer() == null ? "" : plan.texts.answer().line(),
                    "a part of the needle, token by token; mind the leading space");
        }
    }

    private void requireLength(NeedleRun.Parts parts, int length) {
        int context0 = context.model().config().dims().context();
        int least = parts.extra() + 2;
        int most =
                Math.min(context0 - parts.answer().size() + 1, parts.haystack().size() + parts.extra());
        if (length < least || length > most) {
            throw ParameterException.refused(
                    "lengths",
                    Integer.toString(length),
                    "lengths from " + least + " to " + most + ": the haystack has "
                            + parts.haystack().size() + " tokens, the model's context is " + context0);
        }
    }
}
