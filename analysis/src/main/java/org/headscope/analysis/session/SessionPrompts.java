package org.headscope.analysis.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.spi.AnalysisContext.PromptEncoder;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.tokens.Tokenized;

/** Encodes the prompts of one run and remembers them for its provenance. */
public final class SessionPrompts implements PromptEncoder {
    private final Session session;
    private final List<PromptTokens> encoded = new ArrayList<>();

    /** @param session the model, its tokenizer and BOS policy */
    public SessionPrompts(Session session) {
        this.session = session;
    }

    @Override
    public synchronized PromptTokens encode(String role, Prompt prompt) {
        PromptTokens tokens = prompt instanceof Prompt.Ids given
                ? new PromptTokens(
                        role, given.ids(), given.ids().stream().map(this::show).toList(), false)
                : ofText(role, ((Prompt.Text) prompt).text());
        encoded.add(tokens);
        return tokens;
    }

    private PromptTokens ofText(String role, String text) {
        Tokenized tokens = tokenizer().encode(text, session.bos());
        return new PromptTokens(
                role, Arrays.stream(tokens.ids()).boxed().toList(), tokens.strings(), tokens.bosPrepended());
    }

    @Override
    public int answer(Prompt answer) {
        if (answer instanceof Prompt.Ids given) {
            if (given.ids().size() != 1) {
                throw new HeadscopeException("An answer is one token, but " + answer.line() + " names "
                        + given.ids().size() + ".");
            }
            return given.ids().get(0);
        }
        return tokenizer().idOfSingleToken(((Prompt.Text) answer).text());
    }

    @Override
    public String show(int id) {
        TextTokenizer tokenizer = session.model().tokenizer();
        return tokenizer != null && id >= 0 && id < tokenizer.vocabSize()
                ? tokenizer.tokenString(id)
                : Integer.toString(id);
    }

    @Override
    public synchronized List<PromptTokens> encoded() {
        return List.copyOf(encoded);
    }

    @Override
    public BosPolicy bos() {
        return session.bos();
    }

    @Override
    public OptionalInt bosId() {
        TextTokenizer tokenizer = session.model().tokenizer();
        return tokenizer == null ? OptionalInt.empty() : tokenizer.bosId();
    }

    private TextTokenizer tokenizer() {
        TextTokenizer tokenizer = session.model().tokenizer();
        if (tokenizer == null) {
            String why = session.model().identity().noTokenizer();
            throw new HeadscopeException("This model takes token ids only, for example ids:1,5,7. "
                    + (why == null ? "It came without a tokenizer." : why));
        }
        return tokenizer;
    }
}
