package org.headscope.app.patch;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.PromptLine;
import org.headscope.hooks.tokens.BosPolicy;

/**
 * Two prompts side by side, as tokens.
 *
 * @param clean the one with the answer
 * @param corrupt the one without it
 */
record PromptPair(PromptTokens clean, PromptTokens corrupt) {

    /** Encodes both; takes its time. */
    static PromptPair of(OpenModel model, BosPolicy bos, String clean, String corrupt) {
        return model.use(open -> {
            SessionPrompts prompts = new SessionPrompts(Session.of(open).with(bos));
            return new PromptPair(
                    prompts.encode("clean", PromptLine.read(clean)),
                    prompts.encode("corrupt", PromptLine.read(corrupt)));
        });
    }

    boolean aligned() {
        return clean.ids().size() == corrupt.ids().size();
    }

    /** Positions to point out in a prompt: where the two differ or, when their lengths do, the stretch to blame. */
    Set<Integer> differing(PromptTokens of) {
        Set<Integer> positions = new TreeSet<>();
        int last = of.ids().size() - (aligned() ? 0 : suffix());
        for (int p = aligned() ? 0 : prefix(); p < last; p++) {
            if (!aligned() || !clean.ids().get(p).equals(corrupt.ids().get(p))) {
                positions.add(p);
            }
        }
        return positions;
    }

    String explain() {
        String cleanLength = Integer.toString(clean.ids().size());
        if (!aligned()) {
            return Messages.get(
                    "patch.unequal",
                    cleanLength,
                    Integer.toString(corrupt.ids().size()),
                    stretch(clean),
                    stretch(corrupt));
        }
        int differences = differing(clean).size();
        return differences == 0
                ? Messages.get("patch.same")
                : Messages.get("patch.aligned", cleanLength, Integer.toString(differences));
    }

    static List<String> strings(PromptTokens tokens) {
        return tokens.strings().isEmpty()
                ? tokens.ids().stream().map(String::valueOf).toList()
                : tokens.strings();
    }

    private String stretch(PromptTokens of) {
        List<String> pieces = strings(of).subList(prefix(), of.ids().size() - suffix());
        return pieces.isEmpty() ? Messages.get("patch.nothing") : "“" + String.join("|", pieces) + "”";
    }

    private int prefix() {
        int shorter = Math.min(clean.ids().size(), corrupt.ids().size());
        int same = 0;
        while (same < shorter && clean.ids().get(same).equals(corrupt.ids().get(same))) {
            same++;
        }
        return same;
    }

    private int suffix() {
        int most = Math.min(clean.ids().size(), corrupt.ids().size()) - prefix();
        int same = 0;
        while (same < most && fromEnd(clean, same).equals(fromEnd(corrupt, same))) {
            same++;
        }
        return same;
    }

    private static Integer fromEnd(PromptTokens tokens, int back) {
        return tokens.ids().get(tokens.ids().size() - 1 - back);
    }
}
