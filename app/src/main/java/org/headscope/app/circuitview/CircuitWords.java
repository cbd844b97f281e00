package org.headscope.app.circuitview;

import org.headscope.analysis.edges.CircuitGrowth;
import org.headscope.analysis.edges.CircuitStudy.Circuit;
import org.headscope.analysis.edges.CircuitStudy.Measured;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** Circuits in words. */
final class CircuitWords {
    private CircuitWords() {}

    static String does(@Nullable Measured measured) {
        if (measured == null) {
            return Messages.get("circuit.computing");
        }
        String share = Ticks.format(measured.faithfulness());
        String between = Double.isNaN(measured.lower())
                ? share
                : Messages.get(
                        "circuit.between", share, Ticks.format(measured.lower()), Ticks.format(measured.upper()));
        return Messages.get("circuit.does", between, Ticks.format(measured.divergence()));
    }

    static String counts(@Nullable Circuit circuit) {
        return circuit == null
                ? ""
                : Messages.get(
                        "circuit.counts",
                        Integer.toString(circuit.chosen()),
                        Integer.toString(circuit.graph().edges().size()),
                        Integer.toString(circuit.heads().size()));
    }

    static String growth(CircuitGrowth growth) {
        return switch (growth) {
            case GREEDY -> Messages.get("circuit.growth.greedy");
            case TOP -> Messages.get("circuit.growth.top");
        };
    }
}
