package org.headscope.analysis.reading;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridBuilder;
import org.headscope.analysis.result.LayerPositionGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;

/** What a lens shows, gathered cell by cell: {@code [layer + 1, position]}. */
final class LensGrids {
    private final GridBuilder probability;
    private final GridBuilder rank;
    private final GridBuilder entropy;
    private final GridBuilder divergence;
    private final GridBuilder most;
    private final List<String> likeliest;
    private final int positions;
    private final IntFunction<String> show;

    /** Empty grids; {@code show} turns a token id into text. */
    LensGrids(int layers, Axis positions, IntFunction<String> show) {
        Axis rows = Axis.labelled(
                Axis.LAYER,
                Stream.concat(IntStream.range(0, layers).mapToObj(String::valueOf), Stream.of(LogitLens.FINAL))
                        .toList());
        this.probability = Grid.builder(rows, positions);
        this.rank = Grid.builder(rows, positions);
        this.entropy = Grid.builder(rows, positions);
        this.divergence = Grid.builder(rows, positions);
        this.most = Grid.builder(rows, positions);
        this.likeliest = new ArrayList<>(Collections.nCopies((layers + 1) * positions.size(), ""));
        this.positions = positions.size();
        this.show = show;
    }

    /**
     * Fills one cell.
     *
     * @param row the residual stream
     * @param position the position in it
     * @param read log-probabilities of the lens, {@code [vocab]}
     * @param said log-probabilities of the model, {@code [vocab]}
     * @param answer token that is looked for
     */
    void set(int row, int position, double[] read, double[] said, int answer) {
        probability.set(Math.exp(read[answer]), row, position);
        rank.set(rank(read, answer), row, position);
        entropy.set(LogProbabilities.entropy(read), row, position);
        divergence.set(LogProbabilities.divergence(said, read), row, position);
        int first = likeliest(read);
        most.set(Math.exp(read[first]), row, position);
        likeliest.set(row * positions + position, show.apply(first));
    }

    /** The panels as they are now. */
    List<Panel> panels() {
        return List.of(
                panel(LogitLens.PROBABILITY, Quantity.unsigned("probability", ""), probability),
                panel(LogitLens.RANK, Quantity.unsigned("rank", ""), rank),
                panel(LogitLens.ENTROPY, Quantity.unsigned("entropy", "nats"), entropy),
                panel(LogitLens.DIVERGENCE, Quantity.unsigned("divergence", "nats"), divergence),
                panel(LogitLens.LIKELIEST, Quantity.unsigned("probability", ""), most));
    }

    private Panel panel(String title, Quantity quantity, GridBuilder values) {
        return new LayerPositionGrid(title, quantity, values.snapshot(), null, likeliest);
    }

    /** The likeliest token; of equals the one with the lowest id. */
    static int likeliest(double[] logs) {
        int best = 0;
        for (int id = 1; id < logs.length; id++) {
            best = logs[id] > logs[best] ? id : best;
        }
        return best;
    }

    /** Place from 1 on in the same order, so that the likeliest token and no other has rank 1. */
    static int rank(double[] logs, int token) {
        int rank = 1;
        for (int id = 0; id < logs.length; id++) {
            boolean before = logs[id] > logs[token] || (logs[id] == logs[token] && id < token);
            rank += before ? 1 : 0;
        }
        return rank;
    }
}
