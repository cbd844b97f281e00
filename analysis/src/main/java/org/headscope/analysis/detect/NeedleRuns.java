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
    private final RetrievalHeads.Parameters parameters;

    private NeedleRuns(AnalysisContext context, RetrievalHeads.Parameters parameters) {
        this.context = context;
        this.parameters = parameters;
    }

    static List<NeedleRun> of(AnalysisContext context, RetrievalHeads.Parameters parameters) {
        return new NeedleRuns(context, parameters).all();
    }

    private List<NeedleRun> all() {
        List<NeedleRun> runs = new ArrayList<>();
        int period = period();
        for (NeedleRun.Parts parts : parts()) {
            requirePart(parts);
            for (int length : parameters.lengths()) {
                requireLength(parts, length);
                for (int i = 0; i < parameters.depths(); i++) {
                    double depth = parameters.depths() == 1 ? 0.5 : i / (parameters.depths() - 1.0);
                    runs.add(NeedleRun.of(parts, length, depth, period));
                }
            }
        }
        return runs;
    }

    private List<NeedleRun.Parts> parts() {
        long missing = Stream.of(parameters.haystack(), parameters.needle(), parameters.answer(), parameters.question())
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
                ids(parameters.haystack(), true),
                ids(parameters.needle(), false),
                ids(parameters.question(), false),
                ids(parameters.answer(), false)));
    }

    private List<NeedleRun.Parts> made() {
        TaskEncoder encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        SplittableRandom random = new SplittableRandom(context.seed());
        int longest = Collections.max(parameters.lengths());
        return IntStream.range(0, parameters.sets())
                .mapToObj(i -> SecretNeedle.draw(encoder.words(), longest, random))
                .map(made -> new NeedleRun.Parts(
                        ids(new Prompt.Text(made.haystack()), true),
                        ids(new Prompt.Text(made.needle()), false),
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
                    parameters.answer() == null ? "" : parameters.answer().line(),
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
