package org.headscope.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.tokens.BosPolicy;

/** Contexts for models that read token ids. */
public final class IdContexts {
    private IdContexts() {}

    public static AnalysisContext of(HookedTransformer model) {
        return of(model, List.of(), SweepJournal.none());
    }

    public static AnalysisContext of(HookedTransformer model, List<Intervention> standing, SweepJournal journal) {
        return new AnalysisContext(model, new Ids(OptionalInt.empty()), standing, 1, journal);
    }

    public static AnalysisContext withBos(HookedTransformer model, int bos) {
        return new AnalysisContext(model, new Ids(OptionalInt.of(bos)), List.of(), 1, SweepJournal.none());
    }

    public static Prompt prompt(int... ids) {
        return new Prompt.Ids(IntStream.of(ids).boxed().toList());
    }

    private static final class Ids implements AnalysisContext.PromptEncoder {
        private final List<PromptTokens> encoded = new ArrayList<>();
        private final OptionalInt bos;

        private Ids(OptionalInt bos) {
            this.bos = bos;
        }

        @Override
        public PromptTokens encode(String role, Prompt prompt) {
            List<Integer> ids = ((Prompt.Ids) prompt).ids();
            PromptTokens tokens =
                    new PromptTokens(role, ids, ids.stream().map(id -> "t" + id).toList(), false);
            encoded.add(tokens);
            return tokens;
        }

        @Override
        public int answer(Prompt answer) {
            return ((Prompt.Ids) answer).ids().get(0);
        }

        @Override
        public String show(int id) {
            return "t" + id;
        }

        @Override
        public List<PromptTokens> encoded() {
            return List.copyOf(encoded);
        }

        @Override
        public BosPolicy bos() {
            return BosPolicy.NEVER;
        }

        @Override
        public OptionalInt bosId() {
            return bos;
        }
    }
}
