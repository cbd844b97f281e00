package org.headscope.hooks.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides which cells travel together. Cells that start at the same position share a shape. A pass through the layers costs
 * about as much as forty rows just for reading the weights, so groups that are too small join the next earlier position:
 * they recompute a few rows that did not change, which is cheaper than a pass of their own.
 */
final class Chunks {
    /** Groups below this many rows look for company. */
    private static final int SMALL = 256;

    private final BaseRun base;
    private final int readFrom;
    private final int maxRows;

    /** {@code readFrom}: first position that the metric reads. {@code maxRows}: most rows computed at once. */
    Chunks(BaseRun base, int readFrom, int maxRows) {
        this.base = base;
        this.readFrom = readFrom;
        this.maxRows = maxRows;
    }

    /** Cells that may share a pass: they start at one position, and they agree on how heads read their input. */
    private record Company(boolean held, boolean splitInputs, int first) {
        private boolean meets(Company other) {
            return held == other.held && splitInputs == other.splitInputs;
        }
    }

    /** All cells, each in one chunk. */
    List<Chunk> of(List<CellPlan> plans) {
        Map<Company, List<CellPlan>> groups = new TreeMap<>(Comparator.comparing(Company::held)
                .thenComparing(Company::splitInputs)
                .thenComparing(Comparator.comparingInt(Company::first).reversed()));
        for (CellPlan cell : plans) {
            groups.computeIfAbsent(new Company(cell.held(), cell.splitsInputs(), first(cell)), key -> new ArrayList<>())
                    .add(cell);
        }
        List<Chunk> chunks = new ArrayList<>();
        merged(groups).forEach((company, cells) -> cut(cells, company.first, chunks));
        return chunks;
    }

    private Map<Company, List<CellPlan>> merged(Map<Company, List<CellPlan>> groups) {
        Map<Company, List<CellPlan>> merged = new LinkedHashMap<>();
        Company last = null;
        for (Map.Entry<Company, List<CellPlan>> group : groups.entrySet()) {
            List<CellPlan> cells = new ArrayList<>(group.getValue());
            Company company = group.getKey();
            if (last != null && last.meets(company)) {
                List<CellPlan> previous = merged.getOrDefault(last, List.of());
                if (previous.size() * rows(last.first) < Math.min(SMALL, maxRows)) {
                    cells.addAll(previous);
                    merged.remove(last);
                }
            }
            merged.put(company, cells);
            last = company;
        }
        return merged;
    }

    /** Sorts by depth, so that a chunk shares its early layers, and cuts by memory. */
    private void cut(List<CellPlan> cells, int first, List<Chunk> chunks) {
        cells.sort(Comparator.comparingInt(CellPlan::entry).reversed().thenComparingInt(CellPlan::index));
        int size = Math.max(1, maxRows / rows(first));
        for (int i = 0; i < cells.size(); i += size) {
            chunks.add(new Chunk(cells.subList(i, Math.min(cells.size(), i + size)), first));
        }
    }

    private int rows(int first) {
        return base.tokens().size() * (base.tokens().length() - first);
    }

    /** Without a causal mask every position depends on every other one. */
    private int first(CellPlan cell) {
        if (cell.held()) {
            // Nothing moves between positions while heads are held.
            return readFrom;
        }
        return base.model().config().attention().causal() ? Math.min(cell.first(), readFrom) : 0;
    }
}
