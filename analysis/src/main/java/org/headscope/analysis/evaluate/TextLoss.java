package org.headscope.analysis.evaluate;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;

/** A text in pieces, and the loss of each of its tokens. */
final class TextLoss {
    private final List<int[]> pieces;
    private final List<String> firstTokens;

    private TextLoss(List<int[]> pieces, List<String> firstTokens) {
        this.pieces = pieces;
        this.firstTokens = firstTokens;
    }

    /** Cuts a text; a beginning-of-sequence token stands in front of every piece, the last piece may be shorter. */
    static TextLoss of(AnalysisContext context, Prompt text, int length, int most) {
        PromptTokens tokens = context.prompts().encode("text", text);
        int[] ids = tokens.ids().stream().mapToInt(Integer::intValue).toArray();
        int first = tokens.bosPrepended() ? 1 : 0;
        int step = Math.min(length, context.model().config().dims().context()) - first;
        List<int[]> pieces = new ArrayList<>();
        for (int from = first; from < ids.length && pieces.size() < most; from += step) {
            int size = Math.min(step, ids.length - from);
            if (first + size >= 2) {
                int[] piece = new int[first + size];
                piece[0] = ids[0];
                System.arraycopy(ids, from, piece, first, size);
                pieces.add(piece);
            }
        }
        if (pieces.isEmpty()) {
            throw ParameterException.refused("text", ids.length + " tokens", "a text of at least two tokens");
        }
        return new TextLoss(
                pieces,
                Arrays.stream(pieces.get(0)).mapToObj(context.prompts()::show).toList());
    }

    /** Reads a file of text. */
    static Prompt read(String file) {
        try {
            return new Prompt.Text(Files.readString(Path.of(file)));
        } catch (CharacterCodingException e) {
            throw refused(file, "a text file in UTF-8; this one is not", e);
        } catch (IOException | RuntimeException e) {
            throw refused(file, "a file that can be read", e);
        }
    }

    private static ParameterException refused(String file, String allowed, Exception cause) {
        ParameterException refused = ParameterException.refused("file", file, allowed);
        refused.initCause(cause);
        return refused;
    }

    int pieces() {
        return pieces.size();
    }

    /** The tokens of the first piece. */
    List<String> firstTokens() {
        return firstTokens;
    }

    /** Tokens whose loss counts. */
    int tokens() {
        return pieces.stream().mapToInt(piece -> piece.length - 1).sum();
    }

    /** Loss of every token of a piece given those before it, in nats; NaN for the first. */
    double[] of(HookedTransformer model, int piece, Candidate under) {
        int[] ids = pieces.get(piece);
        int vocab = model.config().dims().vocab();
        RunRequest request = RunRequest.of(TokenBatch.of(ids))
                .edits(new Interventions(model.config()).compile(under.interventions()))
                .build();
        try (RunResult run = model.run(request)) {
            float[] logits = run.logits().toFloatArray();
            double[] losses = new double[ids.length];
            losses[0] = Double.NaN;
            for (int p = 1; p < ids.length; p++) {
                losses[p] = -LogProbabilities.row(logits, p - 1, vocab)[ids[p]];
            }
            return losses;
        }
    }
}
