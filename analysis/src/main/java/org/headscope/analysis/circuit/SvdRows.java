package org.headscope.analysis.circuit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.result.Table;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.UnembedWeights;

/** Directions of one matrix as tokens: what stands at both ends of each. */
final class SvdRows {
    private final SvdMatrix matrix;
    private final CircuitSpectrum spectrum;
    private final List<String> names = new ArrayList<>();
    private final List<TokenEnds> ends = new ArrayList<>();

    SvdRows(HookedTransformer model, SvdMatrix matrix, CircuitSpectrum spectrum) {
        this.matrix = matrix;
        this.spectrum = spectrum;
        switch (matrix) {
            case OV -> {
                add("reads", read(model, spectrum.right()));
                add("writes", written(model, spectrum.left()));
            }
            case QK -> {
                add("queries", read(model, spectrum.left()));
                add("keys", read(model, spectrum.right()));
            }
            case MLP_IN, MLP_GATE -> add("reads", read(model, spectrum.right()));
            case MLP_OUT -> add("writes", written(model, spectrum.left()));
        }
    }

    private void add(String name, TokenEnds tokens) {
        names.add(name);
        ends.add(tokens);
    }

    /** Tokens whose embeddings lie along directions, with the norm of the embeddings. */
    private static TokenEnds read(HookedTransformer model, Matrix directions) {
        EmbedWeights embed = model.weights().embed();
        NormFold fold = NormFold.of(model.config().block().norm());
        return TokenEnds.of(embed.tokens(), fold.intoReader(Rows.of(directions), embed.norm()));
    }

    /** Tokens whose logits directions raise, with the final norm. */
    private static TokenEnds written(HookedTransformer model, Matrix directions) {
        UnembedWeights unembed = model.weights().unembed();
        NormFold fold = NormFold.of(model.config().block().norm());
        Matrix through = fold.intoWriter(Rows.of(directions.transpose()), unembed.finalNorm())
                .transpose();
        return TokenEnds.of(unembed.unembed().weight(), through);
    }

    /** One row per direction. */
    Table table(String title, int directions, int tokens, IntFunction<String> show) {
        List<Table.Column> columns =
                new ArrayList<>(List.of(Table.Column.integer("direction"), Table.Column.number("singular value", "")));
        names.forEach(name -> columns.add(Table.Column.text(name)));
        names.forEach(name -> columns.add(Table.Column.text(name + ", other end")));
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < Math.min(directions, spectrum.values().size()); i++) {
            int direction = i;
            List<Object> row = new ArrayList<>();
            row.add(i);
            row.add(spectrum.values().get(i));
            ends.forEach(end -> row.add(end.words(direction, 1, tokens, show)));
            ends.forEach(end -> row.add(end.words(direction, -1, tokens, show)));
            rows.add(row);
        }
        return new Table(title, columns, rows);
    }

    /** The matrix in words. */
    String name() {
        return matrix.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
