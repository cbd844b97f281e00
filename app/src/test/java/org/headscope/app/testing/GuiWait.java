package org.headscope.app.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testfx.api.FxRobot;
import org.testfx.util.NodeQueryUtils;
import org.testfx.util.WaitForAsyncUtils;

/** Waiting for what a window will show soon. */
public final class GuiWait {
    private static final int SECONDS = 10;

    private GuiWait() {}

    /** Waits until a node can be seen, and the robot could click it. */
    public static void untilVisible(FxRobot robot, String query) throws TimeoutException {
        WaitForAsyncUtils.waitFor(SECONDS, TimeUnit.SECONDS, () -> robot.lookup(query)
                .match(NodeQueryUtils.isVisible())
                .tryQuery()
                .isPresent());
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Waits until no node of the kind can be seen. */
    public static void untilGone(FxRobot robot, String query) throws TimeoutException {
        WaitForAsyncUtils.waitFor(SECONDS, TimeUnit.SECONDS, () -> robot.lookup(query)
                .match(NodeQueryUtils.isVisible())
                .tryQuery()
                .isEmpty());
    }
}
