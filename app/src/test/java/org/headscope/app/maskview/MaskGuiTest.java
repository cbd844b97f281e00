package org.headscope.app.maskview;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
@Tag("engine")
class MaskGuiTest {
    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final MaskViewModel model = new MaskViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;
    private HeadMask mask;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new MaskView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1060, 740);
        table.showInductionModel();
        mask = table.bench
                .maskProperty()
                .get()
                .with(MaskUnit.head(1, 2), MaskSetting.gate(0.25))
                .with(MaskUnit.head(0, 1), MaskSetting.ZERO);
        table.bench.maskProperty().set(mask);
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void exportedMaskComesBackByImport(FxRobot robot, @TempDir Path folder) {
        Path file = folder.resolve("mask.json");
        table.dialogs.answerFolder(file);
        robot.clickOn("#mask-export").clickOn("#export-JSON");
        TestBench.waitFor(() -> !model.noticeProperty().get().isEmpty());
        robot.interact(() -> table.bench.maskProperty().set(HeadMask.none(mask.shape())));
        table.dialogs.answerFolder(file);
        robot.clickOn("#mask-import");
        TestBench.waitFor(() -> !model.rows().isEmpty());

        assertThat(table.bench.maskProperty().get()).isEqualTo(mask);
        assertThat(model.warningProperty().get()).isEmpty();
    }

    @Test
    void whatAFormatCannotCarryIsSaid(FxRobot robot, @TempDir Path folder) {
        Path file = folder.resolve("pruned_heads.json");
        table.dialogs.answerFolder(file);
        robot.interact(() -> model.write(MaskFormat.PRUNED_HEADS));
        TestBench.waitFor(() -> !model.noticeProperty().get().isEmpty());

        assertThat(file).hasContent("{\"0\":[1]}");
        assertThat(model.warningProperty().get()).isNotEmpty();
    }

    @Test
    void maskOfOtherWeightsIsTakenWithAWarning(FxRobot robot, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("mask.json");
        table.dialogs.answerFolder(file);
        robot.interact(() -> model.write(MaskFormat.JSON));
        TestBench.waitFor(() -> !model.noticeProperty().get().isEmpty());
        Files.writeString(file, Files.readString(file).replaceFirst("\"hash\" : \"[^\"]*\"", "\"hash\" : \"other\""));
        table.dialogs.answerFolder(file);
        robot.clickOn("#mask-import");
        TestBench.waitFor(() -> !model.warningProperty().get().isEmpty());

        assertThat(table.bench.maskProperty().get()).isEqualTo(mask);
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "mask-warning-dark");
    }

    @Test
    void fileNamesThePromptOfItsMeansAndAnotherOneHereIsSaid(FxRobot robot, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("mask.json");
        HeadMask mean = mask.with(MaskUnit.head(1, 2), MaskSetting.of(Mode.MEAN));
        table.dialogs.answerFolder(file);
        robot.interact(() -> {
            table.bench.promptProperty().set("ids:0,1,2");
            table.bench.maskProperty().set(mean);
            model.write(MaskFormat.JSON);
        });
        TestBench.waitFor(() -> !model.noticeProperty().get().isEmpty());
        assertThat(Files.readString(file)).contains("\"mean\" : \"ids:0,1,2\"");

        robot.interact(() -> model.read(file));
        TestBench.waitFor(() -> model.noticeProperty().get().contains("2 masked parts"));
        assertThat(model.warningProperty().get()).isEmpty();
        robot.interact(() -> {
            table.bench.promptProperty().set("ids:0,4");
            model.read(file);
        });
        TestBench.waitFor(() -> !model.warningProperty().get().isEmpty());
        assertThat(model.warningProperty().get()).contains("ids:0,1,2");
        assertThat(table.bench.maskProperty().get()).isEqualTo(mean);
    }

    @Test
    void brokenFileIsExplainedAndTheMaskStays(FxRobot robot, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("mask.json"), "{\"format\": \"headscope-mask\"");
        table.dialogs.answerFolder(file);
        robot.clickOn("#mask-import");
        TestBench.waitFor(() -> !model.errorProperty().get().isEmpty());

        assertThat(model.errorProperty().get()).contains("mask.json", "not JSON");
        assertThat(table.bench.maskProperty().get()).isEqualTo(mask);
        Screenshots.take(stage.getScene(), "mask-light");
    }
}
