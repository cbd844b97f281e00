package org.headscope.app.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.app.workbench.TestBench;
import org.testfx.api.FxRobot;

/** A person who saves what is in sight, by the mouse. */
public final class SaveMenu {
    private final FxRobot robot;
    private final TestBench table;
    private final Path folder;

    /**
     * @param robot the mouse
     * @param table answers the dialog
     * @param folder where files go
     */
    public SaveMenu(FxRobot robot, TestBench table, Path folder) {
        this.robot = robot;
        this.table = table;
        this.folder = folder;
    }

    /**
     * Saves.
     *
     * @param menu id of the button
     * @param ending which format
     * @return the file, once it is there
     */
    public Path save(String menu, String ending) {
        Path file = folder.resolve(menu + "." + ending);
        table.dialogs.answerFolder(file);
        choose(menu, "save-" + ending);
        TestBench.waitFor(() -> Files.exists(file) || !table.failures.isEmpty());
        if (!table.failures.isEmpty()) {
            throw new AssertionError(String.join("\n", table.failures));
        }
        return file;
    }

    /** Saves as JSON and reads it back. */
    public Result result(String menu) {
        return ResultJson.read(save(menu, "json"));
    }

    /** Saves as JSON and reads the one panel in it. */
    public <T extends Panel> T panel(String menu, Class<T> shape) {
        return shape.cast(result(menu).panels().get(0));
    }

    /** Chooses an entry. */
    public void choose(String menu, String item) {
        robot.clickOn("#" + menu);
        try {
            GuiWait.untilVisible(robot, "#" + item);
        } catch (Exception e) {
            throw new AssertionError("'" + item + "' is not in the menu", e);
        }
        robot.clickOn("#" + item);
    }
}
