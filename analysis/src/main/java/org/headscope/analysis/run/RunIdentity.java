package org.headscope.analysis.run;

import org.headscope.analysis.result.ModelRef;
import org.headscope.analysis.result.Numerics;

/**
 * What stays the same for all runs on one open model, and has to stand in every result.
 *
 * @param model which model
 * @param numerics BOS policy, mask mode, weights and precision
 * @param appVersion version of Headscope
 */
public record RunIdentity(ModelRef model, Numerics numerics, String appVersion) {}
