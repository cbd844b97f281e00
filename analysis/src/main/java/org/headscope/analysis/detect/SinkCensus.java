package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All sinks of all sequences.
 *
 * @param lives the primary sink of each sequence
 * @param tokens sink-like tokens behind them, noise included
 */
record SinkCensus(List<SinkLife> lives, List<SinkToken> tokens) {
    /** Copies the lists. */
    SinkCensus {
        lives = List.copyOf(lives);
        tokens = List.copyOf(tokens);
    }

    static SinkCensus of(SinkTracks tracks, double cosine, SinkToken.Borders borders) {
        List<SinkLife> lives = new ArrayList<>();
        List<SinkToken> tokens = new ArrayList<>();
        for (int s = 0; s < tracks.size(); s++) {
            SinkLife life = SinkLife.of(tracks.get(s).candidateNorms());
            lives.add(life);
            tokens.addAll(tracks.get(s).tokens(s, life, cosine, borders));
        }
        return new SinkCensus(lives, tokens);
    }

    /** Sinks without noise. */
    List<SinkToken> sinks() {
        return tokens.stream().filter(SinkToken::isSink).toList();
    }

    /** Places with the token of a sink that are never sink-like themselves, compared in the sink's first layer. */
    List<SinkStages.Place> controls(SinkToken sink, int[][] ids) {
        Set<Long> taken = new HashSet<>();
        tokens.forEach(token -> taken.add(key(token.sequence(), token.position())));
        int id = ids[sink.sequence()][sink.position()];
        List<SinkStages.Place> places = new ArrayList<>();
        for (int s = 0; s < ids.length; s++) {
            for (int t = lives.get(s).position() + 1; t < ids[s].length; t++) {
                if (ids[s][t] == id && !taken.contains(key(s, t))) {
                    places.add(new SinkStages.Place(
                            s, t, sink.start(), lives.get(s).position()));
                }
            }
        }
        return places;
    }

    private static long key(int sequence, int position) {
        return ((long) sequence << 32) + position;
    }
}
