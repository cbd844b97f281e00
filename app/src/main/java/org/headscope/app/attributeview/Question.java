package org.headscope.app.attributeview;

import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.RunSettings;

/**
 * What is asked of a prediction.
 *
 * @param run the prompt on its model
 * @param settings what holds around the run
 * @param answer token whose logit is taken apart, as typed; blank for the model's own prediction
 * @param foil token whose logit is subtracted, as typed; blank for the likeliest other token
 * @param position where the prediction is made
 */
record Question(LiveRun run, RunSettings settings, String answer, String foil, int position) {}
