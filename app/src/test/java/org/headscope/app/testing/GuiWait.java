package org.headscope.app.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testfx.api.FxRobot;
import org.testfx.util.NodeQueryUtils;
import org.testfx.util.WaitForAsyncUtils;

/**
 * Waiting for what a window will show soon. It looks on the window's own thread: from any other, a node can leave its scene
 * between being found and being looked at.
 */
public final class GuiWait {
    private static final int SECONDS = 20;

    private GuiWait() {}

    /** Waits until a node can be seen, and the robot could click it. */
    public static void untilVisible(FxRobot robot, String query) throws TimeoutException {
        until(robot, query, true);
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Waits until no node of the kind can be seen. */
    public static void untilGone(FxRobot robot, String query) throws TimeoutException {
        until(robot, query, false);
    }

    private static void until(FxRobot robot, String query, boolean visible) throws TimeoutException {
        WaitForAsyncUtils.waitFor(
                SECONDS,
                TimeUnit.SECONDS,
                () -> WaitForAsyncUtils.asyncFx(() -> isVisible(robot, query)).get() == visible);
    }

    private static boolean isVisible(FxRobot robot, String query) {
        return robot.lookup(query).match(NodeQueryUtils.isVisible()).tryQuery().isPresent();
    }
}
