package org.headscope.app.detectview;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableView;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.TestBench;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/**
 * The Detect view with only the head detectors ticked, on a model whose scores are known: 0.1 is the previous-token head, 1.2
 * the induction head, all others score 0.
 */
final class DetectDesk implements BeforeEachCallback, AfterEachCallback {
    static final String PREVIOUS = "head-detectors/Previous-token score";
    static final String INDUCTION = "head-detectors/Induction score";
    static final GridCell PREVIOUS_HEAD = new GridCell(0, 1);
    static final GridCell INDUCTION_HEAD = new GridCell(1, 2);

    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final DetectViewModel model = new DetectViewModel(table.bench);
    private @Nullable Stage stage;
    private @Nullable ThemeManager themes;

    @Override
    public void beforeEach(ExtensionContext context) throws TimeoutException {
        Stage shown = FxToolkit.registerPrimaryStage();
        stage = shown;
        FxToolkit.setupFixture(() -> show(shown));
    }

    private void show(Stage shown) {
        StackPane root = new StackPane(new DetectView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(shown, root, 1060, 740);
        table.showInductionModel();
        model.detectors().forEach(detector -> detector.tickedProperty()
                .set(detector.info().id().equals("head-detectors")));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        table.close();
    }

    Stage stage() {
        return Objects.requireNonNull(stage);
    }

    ThemeManager themes() {
        return Objects.requireNonNull(themes);
    }

    TestBench table() {
        return table;
    }

    Workbench bench() {
        return table.bench;
    }

    DetectViewModel model() {
        return model;
    }

    void run(FxRobot robot) {
        robot.clickOn("#run");
        TestBench.waitFor(() -> !model.board().scores().isEmpty()
                && !model.run().runningProperty().get());
        assertThat(model.errorProperty().get()).isEmpty();
    }

    void choose(FxRobot robot, String list, String key) {
        ComboBox<String> box = robot.lookup(list).queryComboBox();
        robot.interact(() -> box.setValue(key));
    }

    Set<MaskUnit> masked() {
        return bench().maskProperty().get().entries().keySet();
    }

    String text(FxRobot robot, String id) {
        return robot.lookup(id).queryAs(Label.class).getText();
    }

    TableView<GridCell> heads(FxRobot robot) {
        return robot.lookup("#head-table").queryTableView();
    }

    TableCell<?, ?> cell(FxRobot robot, String text) {
        return robot.from(heads(robot))
                .lookup(".table-cell")
                .match((TableCell<?, ?> cell) -> text.equals(cell.getText()))
                .query();
    }
}
