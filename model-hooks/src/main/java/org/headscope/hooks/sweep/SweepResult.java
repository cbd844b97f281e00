package org.headscope.hooks.sweep;

import java.util.List;
import org.headscope.hooks.run.Receipt;

/**
 * What a sweep gives.
 *
 * @param base the metric of the base run
 * @param values the metric of every cell, in the order of the plan
 * @param receipts what acted in every cell
 */
public record SweepResult(double base, double[] values, List<List<Receipt>> receipts) {}
