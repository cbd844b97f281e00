package org.headscope.app.bench;

import java.io.PrintWriter;
import java.util.List;

/**
 * What the benchmark measured. Times are medians in milliseconds of this run on this machine; only ratios travel.
 *
 * @param forwardMillis one plain forward pass with all logits
 * @param sweeps the sweeps
 * @param analyses whole analyses, from prompts to panels
 * @param toggleMillis one change of a head mask, to the new answer
 * @param peakAboveModelMiB most memory used above the loaded model, MiB
 * @param nativeMemory how the C library's allocator was set
 */
public record BenchReport(
        double forwardMillis,
        List<Row> sweeps,
        List<Work> analyses,
        double toggleMillis,
        long peakAboveModelMiB,
        String nativeMemory) {
    /** Copies the rows. */
    public BenchReport {
        sweeps = List.copyOf(sweeps);
        analyses = List.copyOf(analyses);
    }

    /**
     * One analysis.
     *
     * @param name what was run
     * @param millis median of its runs
     * @param forwards the same in plain forward passes with all logits
     * @param goal how many of them it may take
     */
    public record Work(String name, double millis, double forwards, double goal) {}

    /**
     * One sweep, both ways.
     *
     * @param name what is swept
     * @param cells number of cells
     * @param loopCells how many of them the plain loop really ran; its time is scaled up from these
     * @param loopMillis one whole forward pass per cell
     * @param engineMillis the sweep engine, base run included
     * @param goal how many times faster the engine should be
     */
    public record Row(String name, int cells, int loopCells, double loopMillis, double engineMillis, double goal) {
        /** {@return how many times faster the engine is} */
        public double speedUp() {
            return loopMillis / engineMillis;
        }
    }

    /** {@return a mask toggle in forward passes} */
    public double toggleInForwards() {
        return toggleMillis / forwardMillis;
    }

    /**
     * Prints a table for people.
     *
     * @param out where to
     */
    public void print(PrintWriter out) {
        out.printf("plain forward, all logits  %10.1f ms%n", forwardMillis);
        out.printf("%-28s %6s %13s %13s %9s %6s%n", "sweep", "cells", "plain loop ms", "engine ms", "speed-up", "goal");
        for (Row row : sweeps) {
            String loop = "%.0f%s".formatted(row.loopMillis, row.loopCells < row.cells ? "*" : "");
            out.printf(
                    "%-28s %6d %13s %13.0f %8.1fx %5.0fx%n",
                    row.name, row.cells, loop, row.engineMillis, row.speedUp(), row.goal);
        }
        out.printf("%-44s %10s %9s %6s%n", "analysis", "ms", "forwards", "goal");
        for (Work work : analyses) {
            out.printf("%-44s %10.0f %9.2f %6.1f%n", work.name, work.millis, work.forwards, work.goal);
        }
        out.printf("mask toggle %.1f ms = %.2f forwards (goal 1.3)%n", toggleMillis, toggleInForwards());
        out.printf(
                "peak memory above the model %d MiB (goal 600); native memory: %s%n", peakAboveModelMiB, nativeMemory);
        if (sweeps.stream().anyMatch(row -> row.loopCells < row.cells)) {
            out.println("* scaled up from an even sample of cells; --full runs all of them");
        }
    }
}
