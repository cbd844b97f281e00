package org.headscope.app.lensview;

import org.headscope.analysis.reading.LensTable;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** What the colour of a cell tells. */
public enum Shade {
    /** How likely the likeliest token is. */
    PROBABILITY(Messages.get("lens.shade.probability")),
    /** How likely the token that is looked for is. */
    TARGET(Messages.get("lens.shade.target")),
    /** Where that token stands. */
    RANK(Messages.get("lens.shade.rank")),
    ENTROPY(Messages.get("lens.shade.entropy")),
    /** How far the layer is from what the model says in the end. */
    DIVERGENCE(Messages.get("lens.shade.divergence"));

    private final String words;

    Shade(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** Ranks reach from one to a whole vocabulary, so their logarithm is shown. */
    double of(LensTable.Cell cell) {
        return switch (this) {
            case PROBABILITY -> cell.likeliest().get(0).probability();
            case TARGET -> cell.target().probability();
            case RANK -> Math.log10(cell.rank());
            case ENTROPY -> cell.entropy();
            case DIVERGENCE -> cell.divergence();
        };
    }

    @Nullable
    ValueRange range() {
        return this == PROBABILITY || this == TARGET ? new ValueRange(0, 1) : null;
    }
}
