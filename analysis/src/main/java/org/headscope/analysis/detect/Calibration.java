package org.headscope.analysis.detect;

import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.headscope.analysis.prompt.RandomTokens;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.Story;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.jspecify.annotations.Nullable;

/**
 * Which sequences a statistic is taken over: a text cut into pieces of equal length; without one, made-up stories in the
 * words of the model's tokenizer; without a tokenizer that has such words, random ids.
 *
 * @param text the text, or null
 * @param sequences most sequences
 * @param length tokens per sequence, cut to the model's context
 * @param bos whether a beginning-of-sequence token stands in front of each, where its id is known
 */
record Calibration(@Nullable Prompt text, int sequences, int length, boolean bos) {
    SinkSequences draw(AnalysisContext context) {
        OptionalInt id = context.prompts().bosId();
        OptionalInt front = bos ? id : OptionalInt.empty();
        int fitting = SinkSequences.length(context, length, 0);
        String name = "text";
        Prompt source = text;
        if (source == null) {
            name = "made-up stories";
            source = stories(context);
        }
        if (source == null) {
            return random(context, fitting, front, id);
        }
        int[] natural = SinkSequences.natural(context, source);
        return new SinkSequences(name, front.isPresent(), SinkSequences.pieces(natural, sequences, fitting, front));
    }

    private @Nullable Prompt stories(AnalysisContext context) {
        if (context.model().tokenizer() == null) {
            return null;
        }
        try {
            TaskEncoder encoder =
                    TaskEncoder.of(context.model(), context.prompts().bos());
            return new Prompt.Text(
                    Story.filler(encoder.words(), sequences * length, new SplittableRandom(context.seed())));
        } catch (TaskException e) {
            // The tokenizer lacks the words: random ids do not need any.
            return null;
        }
    }

    private SinkSequences random(AnalysisContext context, int fitting, OptionalInt front, OptionalInt id) {
        int vocab = context.model().config().dims().vocab();
        Set<Integer> excluded = id.isPresent() ? Set.of(id.getAsInt()) : Set.of();
        RandomTokens tokens = new RandomTokens(vocab, excluded, context.seed());
        int[][] ids = Stream.generate(() -> tokens.any(fitting - (front.isPresent() ? 1 : 0)))
                .limit(sequences)
                .map(own -> SinkSequences.behind(front, own))
                .toArray(int[][]::new);
        return new SinkSequences("random ids", front.isPresent(), ids);
    }
}
