package org.headscope.app.patch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.headscope.app.control.token.TokenPairModel.Column;

/**
 * How two token sequences stand against each other. Sequences of equal length stand position by position, as patching
 * compares them; others so that as few tokens as possible are changed, put in or left out (Levenshtein).
 */
final class PairAlignment {
    /** Pairs of longer prompts than some 4000 tokens are not searched for the fewest edits. */
    private static final long MOST = 16_000_000;

    private final List<Integer> upper;
    private final List<Integer> lower;

    private PairAlignment(List<Integer> upper, List<Integer> lower) {
        this.upper = upper;
        this.lower = lower;
    }

    static List<Column> of(List<Integer> upper, List<Integer> lower) {
        PairAlignment pair = new PairAlignment(upper, lower);
        boolean comparable = (long) upper.size() * lower.size() <= MOST;
        return upper.size() != lower.size() && comparable ? pair.byFewestEdits() : pair.byPosition();
    }

    /** Stretches of columns that differ, in order. */
    static List<List<Column>> differences(List<Column> columns) {
        List<List<Column>> stretches = new ArrayList<>();
        boolean open = false;
        for (Column column : columns) {
            if (column.differs()) {
                if (!open) {
                    stretches.add(new ArrayList<>());
                }
                stretches.get(stretches.size() - 1).add(column);
            }
            open = column.differs();
        }
        return stretches;
    }

    private List<Column> byPosition() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < Math.max(upper.size(), lower.size()); i++) {
            boolean both = i < Math.min(upper.size(), lower.size());
            columns.add(both ? pair(i, i) : new Column(i < upper.size() ? i : -1, i < lower.size() ? i : -1, true));
        }
        return columns;
    }

    private Column pair(int u, int l) {
        return new Column(u, l, !upper.get(u).equals(lower.get(l)));
    }

    private List<Column> byFewestEdits() {
        int[][] edits = edits();
        Deque<Column> columns = new ArrayDeque<>();
        int u = upper.size();
        int l = lower.size();
        while (u > 0 || l > 0) {
            boolean both = u > 0 && l > 0;
            if (both && edits[u][l] == edits[u - 1][l - 1] + (upper.get(u - 1).equals(lower.get(l - 1)) ? 0 : 1)) {
                columns.addFirst(pair(--u, --l));
            } else if (u > 0 && edits[u][l] == edits[u - 1][l] + 1) {
                columns.addFirst(new Column(--u, -1, true));
            } else {
                columns.addFirst(new Column(-1, --l, true));
            }
        }
        return List.copyOf(columns);
    }

    /** Fewest edits from the first {@code u} tokens of one to the first {@code l} of the other. */
    private int[][] edits() {
        int[][] edits = new int[upper.size() + 1][lower.size() + 1];
        for (int u = 0; u <= upper.size(); u++) {
            for (int l = 0; l <= lower.size(); l++) {
                if (u == 0 || l == 0) {
                    edits[u][l] = u + l;
                } else {
                    int changed = edits[u - 1][l - 1] + (upper.get(u - 1).equals(lower.get(l - 1)) ? 0 : 1);
                    edits[u][l] = Math.min(changed, 1 + Math.min(edits[u - 1][l], edits[u][l - 1]));
                }
            }
        }
        return edits;
    }
}
