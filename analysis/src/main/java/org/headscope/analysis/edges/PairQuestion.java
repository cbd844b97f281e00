package org.headscope.analysis.edges;

import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * Two prompts and two answers as they were given; all empty where a task is asked instead.
 *
 * @param clean prompt with the answer
 * @param corrupt prompt without it, with as many tokens
 * @param answer right next token
 * @param foil wrong next token
 */
record PairQuestion(@Nullable Prompt clean, @Nullable Prompt corrupt, @Nullable Prompt answer, @Nullable Prompt foil) {

    /**
     * The pairs to run.
     *
     * @param draw examples of a task, or null for the two prompts
     * @throws ParameterException when both or neither are given
     */
    ContrastSet set(AnalysisContext context, ContrastSet.@Nullable Draw draw, Progress progress) {
        if (draw != null) {
            if (clean != null || corrupt != null) {
                throw ParameterException.refused("task", draw.task(), "either a task or two prompts, not both");
            }
            return ContrastSet.of(context, draw, progress);
        }
        if (clean == null || corrupt == null || answer == null || foil == null) {
            throw ParameterException.refused("task", "", "a task, or all of --clean, --corrupt, --answer and --foil");
        }
        int right = context.prompts().answer(answer);
        int wrong = context.prompts().answer(foil);
        return ContrastSet.of(context, clean, corrupt, right, wrong);
    }
}
