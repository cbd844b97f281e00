package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.headscope.analysis.prompt.RandomTokens;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;

/**
 * Sequences of one kind to look for sinks in.
 *
 * @param name what they are made of
 * @param bos whether a beginning-of-sequence token stands in front
 * @param ids token ids, {@code [sequence][pos]}
 */
record SinkSequences(String name, boolean bos, int[][] ids) {
    private static final int SHORTEST = 16;

    /** With or without a beginning-of-sequence token. */
    public enum Bos {
        /** Without. */
        NO,
        /** With. */
        YES,
        /** Both where its id is known, otherwise without. */
        BOTH
    }

    String label() {
        return name + (bos ? ", with BOS" : "");
    }

    /** Random and repeated sequences, and pieces of the text when there is one. */
    static List<SinkSequences> all(AnalysisContext context, AttentionSinks.Parameters parameters, int length) {
        OptionalInt id = parameters.bosId() >= 0
                ? OptionalInt.of(parameters.bosId())
                : context.prompts().bosId();
        if (parameters.bos() == Bos.YES && id.isEmpty()) {
            throw ParameterException.refused("bos", "yes", "--bos-id too: this model's BOS token is not known");
        }
        List<SinkSequences> all = new ArrayList<>();
        Prompt text = parameters.text();
        int[] natural = text == null ? null : natural(context, text);
        for (boolean bos : new boolean[] {false, true}) {
            if (bos ? parameters.bos() != Bos.NO && id.isPresent() : parameters.bos() != Bos.YES) {
                OptionalInt front = bos ? id : OptionalInt.empty();
                if (natural != null) {
                    all.add(new SinkSequences(
                            "natural text", bos, pieces(natural, parameters.sequences(), length, front)));
                }
                all.addAll(made(context, parameters, length, front, id));
            }
        }
        return all;
    }

    private static List<SinkSequences> made(
            AnalysisContext context,
            AttentionSinks.Parameters parameters,
            int length,
            OptionalInt front,
            OptionalInt id) {
        int vocab = context.model().config().dims().vocab();
        Set<Integer> excluded = id.isPresent() ? Set.of(id.getAsInt()) : Set.of();
        RandomTokens tokens = new RandomTokens(vocab, excluded, context.seed());
        int own = length - (front.isPresent() ? 1 : 0);
        int[][] random = new int[parameters.sequences()][];
        int[][] repeated = new int[parameters.sequences()][];
        for (int s = 0; s < random.length; s++) {
            random[s] = behind(front, tokens.any(own));
            int[] same = new int[own];
            Arrays.fill(same, tokens.one());
            repeated[s] = behind(front, same);
        }
        return List.of(
                new SinkSequences("random ids", front.isPresent(), random),
                new SinkSequences("one id repeated", front.isPresent(), repeated));
    }

    /** The ids of a text of any length, without a token in front that the text did not have. */
    static int[] natural(AnalysisContext context, Prompt text) {
        PromptTokens tokens = context.prompts().encode("text", text);
        int[] ids = tokens.ids().stream().mapToInt(Integer::intValue).toArray();
        int vocab = context.model().config().dims().vocab();
        for (int id : ids) {
            if (id < 0 || id >= vocab) {
                throw ParameterException.refused(
                        "text", "a text with token id " + id, "token ids from 0 to " + (vocab - 1));
            }
        }
        return tokens.bosPrepended() ? Arrays.copyOfRange(ids, 1, ids.length) : ids;
    }

    /**
     * How long sequences can be for a model whose sinks are looked for.
     *
     * @param wanted tokens per sequence
     * @param position where the sink is looked for
     * @return {@code wanted}, at most the model's context
     */
    static int length(AnalysisContext context, int wanted, int position) {
        if (!context.model().config().attention().causal()) {
            throw new HeadscopeException("Sinks are looked for in causal models; in a "
                    + context.model().config().family() + " model every token sees all others.");
        }
        int length = Math.min(wanted, context.model().config().dims().context());
        if (length < SHORTEST) {
            throw new HeadscopeException(
                    "The model's context of " + length + " tokens is too short for sink scores: below " + SHORTEST
                            + " tokens even uniform attention looks like a sink.");
        }
        if (position >= length - 1) {
            throw ParameterException.refused(
                    "position", Integer.toString(position), "a position from 0 to " + (length - 2));
        }
        return length;
    }

    /** Cuts a text into pieces of equal length, each with the token in front; what is left over is not used. */
    static int[][] pieces(int[] natural, int most, int length, OptionalInt front) {
        int front1 = front.isPresent() ? 1 : 0;
        int own = Math.min(natural.length, length - front1);
        if (own + front1 < SHORTEST) {
            throw ParameterException.refused(
                    "text", "a text of " + natural.length + " tokens", "a text of at least " + SHORTEST + " tokens");
        }
        int count = Math.min(most, natural.length / own);
        int[][] pieces = new int[count][];
        for (int s = 0; s < count; s++) {
            pieces[s] = behind(front, Arrays.copyOfRange(natural, s * own, (s + 1) * own));
        }
        return pieces;
    }

    static int[] behind(OptionalInt front, int[] ids) {
        if (front.isEmpty()) {
            return ids;
        }
        int[] all = new int[ids.length + 1];
        all[0] = front.getAsInt();
        System.arraycopy(ids, 0, all, 1, ids.length);
        return all;
    }
}
