package org.headscope.app.attention;

import java.util.Objects;
import java.util.concurrent.TimeoutException;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.TestBench;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testfx.api.FxToolkit;

/** The Attention view on the model whose induction head is 1.2 and previous-token head 0.1. */
final class AttentionDesk implements BeforeEachCallback, AfterEachCallback {
    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final AttentionViewModel model = new AttentionViewModel(table.bench);
    private @Nullable Stage stage;
    private @Nullable ThemeManager themes;

    @Override
    public void beforeEach(ExtensionContext context) throws TimeoutException {
        Stage shown = FxToolkit.registerPrimaryStage();
        stage = shown;
        FxToolkit.setupFixture(() -> show(shown));
    }

    private void show(Stage shown) {
        StackPane root = new StackPane(new AttentionView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(shown, root, 1000, 740);
        table.bench.promptProperty().set("ids:0,1,2,3,4,1");
        table.showInductionModel();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        table.close();
    }

    TestBench table() {
        return table;
    }

    Workbench bench() {
        return table.bench;
    }

    AttentionViewModel model() {
        return model;
    }

    Stage stage() {
        return Objects.requireNonNull(stage);
    }

    ThemeManager themes() {
        return Objects.requireNonNull(themes);
    }

    void open(MaskUnit head, String name) {
        waitForPattern("0.0");
        TestBench.waitFor(() -> {
            table.bench.headProperty().set(head);
            return model.titleProperty().get().endsWith(name);
        });
    }

    void waitForPattern(String head) {
        TestBench.waitFor(() -> model.titleProperty().get().endsWith(head));
    }
}
