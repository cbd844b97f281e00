package org.headscope.analysis.prompt;

import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.TokenBatch;

/**
 * A prompt that is known to fit the model.
 *
 * @param tokens its ids and strings
 */
public record EncodedPrompt(PromptTokens tokens) {
    /**
     * Encodes a prompt and checks it against the model.
     *
     * @param context the model and its tokenizer
     * @param role what the prompt is for, such as {@code clean}
     * @param prompt text or ids
     * @return the prompt
     * @throws HeadscopeException when it is empty, too long, or holds ids outside the vocabulary
     */
    public static EncodedPrompt of(AnalysisContext context, String role, Prompt prompt) {
        EncodedPrompt encoded = new EncodedPrompt(context.prompts().encode(role, prompt));
        encoded.batch().check(context.model().config().dims());
        return encoded;
    }

    /** {@return token ids, {@code [pos]}} */
    public int[] ids() {
        return tokens.ids().stream().mapToInt(Integer::intValue).toArray();
    }

    /** {@return number of tokens} */
    public int length() {
        return tokens.ids().size();
    }

    /** {@return the prompt as a batch of one} */
    public TokenBatch batch() {
        return TokenBatch.of(new int[][] {ids()});
    }

    /** {@return what to show for each position: token strings, or ids where there is no tokenizer} */
    public List<String> labels() {
        return tokens.strings().isEmpty()
                ? tokens.ids().stream().map(String::valueOf).toList()
                : tokens.strings();
    }

    /** {@return a position axis with the tokens as labels} */
    public Axis positions() {
        return Axis.positions(labels());
    }

    /**
     * Insists on prompts that align token by token.
     *
     * @param other the other prompt
     * @throws HeadscopeException telling both lengths and where the prompts part
     */
    public void requireSameLength(EncodedPrompt other) {
        if (length() == other.length()) {
            return;
        }
        int at = firstDifference(other);
        throw new HeadscopeException("The prompts must have equal numbers of tokens, but " + tokens.role() + " has "
                + length() + " and " + other.tokens.role() + " has " + other.length()
                + ". They first differ at position "
                + at + ": " + shown(at) + " against " + other.shown(at) + ". Reword one of them.");
    }

    /**
     * Finds where two prompts part.
     *
     * @param other the other prompt
     * @return the first position with different tokens; the length of the shorter one when it is a beginning of the other
     */
    public int firstDifference(EncodedPrompt other) {
        int shorter = Math.min(length(), other.length());
        for (int p = 0; p < shorter; p++) {
            if (!tokens.ids().get(p).equals(other.tokens.ids().get(p))) {
                return p;
            }
        }
        return shorter;
    }

    private String shown(int position) {
        return position < length() ? "'" + labels().get(position) + "'" : "the end";
    }
}
