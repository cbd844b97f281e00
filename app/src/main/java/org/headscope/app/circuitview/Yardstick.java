package org.headscope.app.circuitview;

import org.headscope.analysis.edges.CircuitSizes;
import org.headscope.analysis.edges.CircuitStudy;
import org.headscope.app.text.Messages;

/** What a circuit is judged by. */
public enum Yardstick {
    /** Its share of the way from the corrupt to the clean logit difference. */
    FAITHFULNESS(CircuitSizes.FAITHFULNESS, Messages.get("circuit.faithfulness")),
    /** How far its next token is from that of the whole model. */
    DIVERGENCE(CircuitSizes.DIVERGENCE, Messages.get("circuit.divergence"));

    private final String panel;
    private final String words;

    Yardstick(String panel, String words) {
        this.panel = panel;
        this.words = words;
    }

    /** Title of the curve in the result. */
    String panel() {
        return panel;
    }

    String words() {
        return words;
    }

    double of(CircuitStudy.Measured measured) {
        return this == FAITHFULNESS ? measured.faithfulness() : measured.divergence();
    }
}
