package org.headscope.analysis.reading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Texts to train a lens on, and others to test it with.
 *
 * @param train token ids, one array per text
 * @param heldOut texts that are in no way part of the former
 */
record LensTexts(List<int[]> train, List<int[]> heldOut) {
    /** One token in so many is held out. */
    private static final int PARTS = 5;

    private static final int DRAWN_AT_ONCE = 4;

    LensTexts {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }

    /** Examples of one task or of all that this model's tokenizer can ask, prompt and answer; each gets an equal share. */
    static LensTexts ofTasks(AnalysisContext context, @Nullable String task, int tokens) {
        TaskEncoder encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        List<TaskGenerator> asked = task == null ? askable(encoder, context) : List.of(TaskRegistry.require(task));
        int share = Math.max(1, tokens / asked.size());
        List<int[]> train = new ArrayList<>();
        List<int[]> heldOut = new ArrayList<>();
        for (TaskGenerator one : asked) {
            train.addAll(draw(context, encoder, one, Split.TRAIN, share));
            heldOut.addAll(draw(context, encoder, one, Split.HELD_OUT, Math.max(1, share / PARTS)));
        }
        if (train.isEmpty() || heldOut.isEmpty()) {
            throw new TaskException("No example fits into this model's context of "
                    + context.model().config().dims().context() + " tokens, so there is nothing to train a lens on."
                    + " Give a text and a shorter length.");
        }
        return new LensTexts(train, heldOut);
    }

    private static List<TaskGenerator> askable(TaskEncoder encoder, AnalysisContext context) {
        List<TaskGenerator> found = new ArrayList<>();
        for (TaskGenerator task : TaskRegistry.all()) {
            try {
                encoder.draw(task, Split.TRAIN, 1, context.seed());
                encoder.draw(task, Split.HELD_OUT, 1, context.seed());
                found.add(task);
            } catch (TaskException e) {
                // This tokenizer lacks its words; others may do.
                continue;
            }
        }
        if (found.isEmpty()) {
            throw new TaskException("This tokenizer has the words of no task, so there is nothing to train a lens on."
                    + " Give a text.");
        }
        return found;
    }

    private static List<int[]> draw(
            AnalysisContext context, TaskEncoder encoder, TaskGenerator task, Split split, int tokens) {
        List<int[]> texts = new ArrayList<>();
        int have = 0;
        for (long seed = context.seed(); have < tokens; seed++) {
            for (EncodedExample example : encoder.draw(task, split, DRAWN_AT_ONCE, seed)) {
                int[] text = Arrays.copyOf(example.clean(), example.length() + 1);
                text[example.length()] = example.answers()[0];
                if (have < tokens
                        && text.length <= context.model().config().dims().context()) {
                    texts.add(text);
                }
                have += text.length;
            }
        }
        return texts;
    }

    /** A long text, cut into pieces; the last fifth of them is held out. */
    static LensTexts ofText(AnalysisContext context, Prompt text, int length) {
        PromptTokens tokens = context.prompts().encode("training text", text);
        boolean bos = tokens.bosPrepended();
        int[] ids = tokens.ids().stream().mapToInt(Integer::intValue).toArray();
        int first = bos ? 1 : 0;
        int step = Math.min(length, context.model().config().dims().context()) - first;
        List<int[]> pieces = new ArrayList<>();
        for (int from = first; from + step <= ids.length; from += step) {
            int[] piece = new int[first + step];
            piece[0] = ids[0];
            System.arraycopy(ids, from, piece, first, step);
            pieces.add(piece);
        }
        int out = Math.max(1, pieces.size() / PARTS);
        if (pieces.size() < 2) {
            throw ParameterException.refused(
                    "text", ids.length + " tokens", "a text of at least " + 2 * length + " tokens, two pieces");
        }
        return new LensTexts(
                pieces.subList(0, pieces.size() - out), pieces.subList(pieces.size() - out, pieces.size()));
    }
}
