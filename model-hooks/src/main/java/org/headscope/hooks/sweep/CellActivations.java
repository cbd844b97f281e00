package org.headscope.hooks.sweep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.site.HookSite;

/** What some sites hold in each of many cells, from one position on. Close it to free its memory. */
public final class CellActivations implements AutoCloseable {
    private final NDManager manager;
    private final int from;
    private final List<Map<HookSite, NDArray>> cells = new ArrayList<>();
    private final List<List<Receipt>> receipts;

    CellActivations(NDManager manager, int cells, int from) {
        this.manager = manager;
        this.from = from;
        for (int i = 0; i < cells; i++) {
            this.cells.add(new TreeMap<>());
        }
        this.receipts = new ArrayList<>(Collections.nCopies(cells, List.of()));
    }

    void put(int cell, HookSite site, NDArray value) {
        cells.get(cell).put(site, Alias.of(value, manager));
    }

    void receipts(int cell, List<Receipt> of) {
        receipts.set(cell, of);
    }

    /** {@return the first position that is held} */
    public int from() {
        return from;
    }

    /**
     * What one cell made of the sites.
     *
     * @param cell its index
     * @return {@code [batch, pos - from, ..]} per site; sites that the cell cannot reach are missing. Owned by this object
     */
    public Map<HookSite, NDArray> of(int cell) {
        return Collections.unmodifiableMap(cells.get(cell));
    }

    /**
     * Proof that the cell's edits acted.
     *
     * @param cell its index
     * @return its receipts
     */
    public List<Receipt> receiptsOf(int cell) {
        return receipts.get(cell);
    }

    @Override
    public void close() {
        manager.close();
    }
}
