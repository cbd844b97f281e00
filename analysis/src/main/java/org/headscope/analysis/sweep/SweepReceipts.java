package org.headscope.analysis.sweep;

import java.util.List;
import java.util.Locale;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.hooks.run.Receipt;

/** Sums up the receipts of many cells: thousands of cells are proven by how many acted, and how weakly and strongly. */
public final class SweepReceipts {
    private final int restored;
    private long fired;
    private int cells;
    private int unchanged;
    private double smallest = Double.POSITIVE_INFINITY;
    private double largest;

    SweepReceipts(int restored) {
        this.restored = restored;
    }

    void add(List<Receipt> cell) {
        double change = cell.stream().mapToDouble(Receipt::change).max().orElse(0);
        fired += cell.stream().mapToLong(Receipt::fired).sum();
        cells++;
        unchanged += change == 0 ? 1 : 0;
        smallest = Math.min(smallest, change);
        largest = Math.max(largest, change);
    }

    /** {@return how many cells changed nothing because the activation already had the value put in} */
    public int unchanged() {
        return unchanged;
    }

    /**
     * One receipt for all cells.
     *
     * @param label what was done, in words
     * @param site where, such as {@code blocks.*.attn.hook_z}
     * @return the summary; its effect says how many cells acted and how many of them changed nothing
     */
    public ReceiptSummary summary(String label, String site) {
        StringBuilder effect = new StringBuilder(cells + " cells acted");
        if (cells > 0) {
            effect.append(String.format(Locale.ROOT, ", changes from %.3g to %.3g", smallest, largest));
        }
        if (unchanged > 0) {
            effect.append("; ").append(unchanged).append(" changed nothing: both values were equal there");
        }
        if (restored > 0) {
            effect.append("; ").append(restored).append(" kept from an earlier attempt");
        }
        return new ReceiptSummary(label, site, fired, largest, effect.toString());
    }
}
