package org.headscope.app.patch;

import java.util.List;
import java.util.stream.Collectors;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.Prompt;
import org.headscope.app.control.token.TokenPairModel.Column;
import org.headscope.app.control.token.TokenPairModel.Pair;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.headscope.hooks.tokens.BosPolicy;

/**
 * Two prompts side by side, as tokens.
 *
 * @param clean the one with the answer
 * @param corrupt the one without it
 * @param columns how they stand against each other
 */
record PromptPair(PromptTokens clean, PromptTokens corrupt, List<Column> columns) {
    private static final int MENTIONED = 3;

    /** Encodes both and aligns them; takes its time. */
    static PromptPair of(OpenModel model, BosPolicy bos, String clean, String corrupt) {
        return model.use(open -> {
            SessionPrompts prompts = new SessionPrompts(Session.of(open).with(bos));
            PromptTokens upper = prompts.encode("clean", Prompt.parse(clean));
            PromptTokens lower = prompts.encode("corrupt", Prompt.parse(corrupt));
            return new PromptPair(upper, lower, PairAlignment.of(upper.ids(), lower.ids()));
        });
    }

    boolean aligned() {
        return clean.ids().size() == corrupt.ids().size();
    }

    Pair shown() {
        return new Pair(strings(clean), strings(corrupt), columns);
    }

    /** How they compare; where their lengths differ, which tokens are to blame and what to do about it. */
    String explain() {
        String cleanLength = Integer.toString(clean.ids().size());
        if (!aligned()) {
            return Messages.get(
                    "patch.unequal", cleanLength, Integer.toString(corrupt.ids().size()), blamed());
        }
        long differences = columns.stream().filter(Column::differs).count();
        return differences == 0
                ? Messages.get("patch.same")
                : Messages.get("patch.aligned", cleanLength, Long.toString(differences));
    }

    private String blamed() {
        return PairAlignment.differences(columns).stream()
                .filter(stretch -> count(stretch, true) != count(stretch, false))
                .limit(MENTIONED)
                .map(this::blame)
                .collect(Collectors.joining(" "));
    }

    private String blame(List<Column> stretch) {
        int above = count(stretch, true);
        int below = count(stretch, false);
        String upper = pieces(stretch, true);
        String lower = pieces(stretch, false);
        if (above == 0) {
            return Messages.get("patch.unequal.onlyCorrupt", lower, tokens(below));
        }
        if (below == 0) {
            return Messages.get("patch.unequal.onlyClean", upper, tokens(above));
        }
        return Messages.get("patch.unequal.both", upper, tokens(above), lower, tokens(below));
    }

    private static String tokens(int count) {
        return count == 1 ? Messages.get("patch.oneToken") : Messages.get("patch.tokens", Integer.toString(count));
    }

    private static int count(List<Column> stretch, boolean upper) {
        return (int) stretch.stream()
                .filter(column -> (upper ? column.upper() : column.lower()) >= 0)
                .count();
    }

    private String pieces(List<Column> stretch, boolean upper) {
        List<String> all = strings(upper ? clean : corrupt);
        return stretch.stream()
                .map(column -> upper ? column.upper() : column.lower())
                .filter(position -> position >= 0)
                .map(position -> VisibleText.of(all.get(position)))
                .collect(Collectors.joining("|"));
    }

    private static List<String> strings(PromptTokens tokens) {
        return tokens.strings().isEmpty()
                ? tokens.ids().stream().map(String::valueOf).toList()
                : tokens.strings();
    }
}
