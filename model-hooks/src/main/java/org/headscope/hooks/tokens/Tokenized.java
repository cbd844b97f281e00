package org.headscope.hooks.tokens;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A text as a model sees it.
 *
 * @param text what was tokenized
 * @param ids token ids, {@code [pos]}
 * @param strings the tokens of the vocabulary, readable, one per id
 * @param pieces the tokens as the tokenizer spells them, one per id: {@code Ġthe}, or the text itself where the model
 *     sees an unknown token
 * @param spans where each token lies in {@code text}, one per id
 * @param policy the policy that was asked for
 * @param bosPrepended what the policy came to: whether the first token was put in front of the text
 */
public record Tokenized(
        String text,
        int[] ids,
        List<String> strings,
        List<String> pieces,
        List<Span> spans,
        BosPolicy policy,
        boolean bosPrepended) {
    /** Copies what it is given. */
    public Tokenized {
        ids = ids.clone();
        strings = List.copyOf(strings);
        pieces = List.copyOf(pieces);
        spans = List.copyOf(spans);
    }

    /** {@return a copy of the token ids, {@code [pos]}} */
    @Override
    public int[] ids() {
        return ids.clone();
    }

    /** {@return the number of tokens} */
    public int length() {
        return ids.length;
    }

    /**
     * One token id.
     *
     * @param position from 0
     * @return the id there
     */
    public int id(int position) {
        return ids[position];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tokenized that
                && text.equals(that.text)
                && Arrays.equals(ids, that.ids)
                && strings.equals(that.strings)
                && pieces.equals(that.pieces)
                && spans.equals(that.spans)
                && policy == that.policy
                && bosPrepended == that.bosPrepended;
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, Arrays.hashCode(ids), policy, bosPrepended);
    }

    @Override
    public String toString() {
        return "Tokenized[" + policy + (bosPrepended ? ", BOS, " : ", no BOS, ") + strings + "]";
    }
}
