package org.headscope.app.testing;

import org.headscope.app.Display;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips window tests where there is no display, except where they must run: there they fail. */
public final class GuiCondition implements ExecutionCondition {
    private static final String REASON = "no display: run under xvfb-run -a -s \"-screen 0 1280x1024x24\"";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean display = Display.isPresent(System.getProperty("os.name", ""), System.getenv());
        boolean required = "true".equals(System.getenv("CI")) || Boolean.getBoolean("headscope.gui.required");
        return decide(context.getDisplayName(), display, required);
    }

    static ConditionEvaluationResult decide(String test, boolean display, boolean required) {
        if (display) {
            return ConditionEvaluationResult.enabled("a display is there");
        }
        if (required) {
            throw new IllegalStateException(test + " must run here, but there is " + REASON);
        }
        return ConditionEvaluationResult.disabled(REASON);
    }
}
