package org.headscope.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.image.Image;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.app.analyses.AnalysesView;
import org.headscope.app.analyses.AnalysesViewModel;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.TestBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** The result of a real run, copied and saved with mouse and keyboard. */
@GuiTest
@Tag("engine")
class PanelMenuGuiTest {
    @TempDir
    Path folder;

    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final AnalysesViewModel model = new AnalysesViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new AnalysesView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1060, 760);
        table.bench.promptProperty().set("ids:0,1,2,3,4,1");
        table.showInductionModel();
        model.chosenProperty().set(table.bench.services().analyses().get("head-ablation"));
    }

    @BeforeEach
    void run(FxRobot robot) {
        robot.interact(() -> {
            model.formProperty()
                    .get()
                    .field("answer")
                    .orElseThrow()
                    .textProperty()
                    .set("ids:2");
            model.formProperty()
                    .get()
                    .field("foil")
                    .orElseThrow()
                    .textProperty()
                    .set("ids:5");
        });
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);
    }

    @AfterEach
    void close() {
        assertThat(table.failures).isEmpty();
        table.close();
    }

    private Result result() {
        return model.run().resultProperty().get();
    }

    private HeadGrid first() {
        return (HeadGrid) result().panels().get(0);
    }

    private Path chooseFile(String name) {
        Path file = folder.resolve(name);
        table.dialogs.answerFolder(file);
        return file;
    }

    private static void choose(FxRobot robot, String item) throws Exception {
        robot.clickOn(".panel-menu");
        GuiWait.untilVisible(robot, "#" + item);
        robot.clickOn("#" + item);
    }

    @Test
    void tableGoesToTheClipboardWithTheNumbersOfTheRun(FxRobot robot) throws Exception {
        robot.clickOn(".panel-menu");
        GuiWait.untilVisible(robot, "#copy-table");
        Screenshots.take(stage.getScene(), "panel-menu-light");
        Screenshots.take(robot.lookup("#copy-table").query().getScene(), "panel-menu-popup-light");
        robot.clickOn("#copy-table");
        TestBench.waitFor(
                () -> String.valueOf(Clipboard.getSystemClipboard().getString()).startsWith("layer \\ head\t0\t1"));

        String text = WaitForAsyncUtils.waitForAsyncFx(
                5000, () -> Clipboard.getSystemClipboard().getString());
        List<String> lines = text.lines().toList();
        int[] shape = first().grid().shape();
        assertThat(lines).hasSize(1 + shape[0]);
        for (int layer = 0; layer < shape[0]; layer++) {
            String[] entries = lines.get(1 + layer).split("\t");
            for (int head = 0; head < shape[1]; head++) {
                assertThat(Double.parseDouble(entries[1 + head]))
                        .isEqualTo(first().grid().at(layer, head));
            }
        }
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "panel-menu-dark");
    }

    @Test
    void pictureGoesToTheClipboardByKeyboard(FxRobot robot) {
        robot.interact(() -> robot.lookup(".panel-menu").query().requestFocus());
        robot.type(KeyCode.SPACE);
        WaitForAsyncUtils.waitForFxEvents();
        robot.type(KeyCode.DOWN, KeyCode.ENTER);
        TestBench.waitFor(() -> Clipboard.getSystemClipboard().hasImage());

        Image image = WaitForAsyncUtils.waitForAsyncFx(
                5000, () -> Clipboard.getSystemClipboard().getImage());
        assertThat(image.getWidth()).isGreaterThan(300);
    }

    @Test
    void pictureIsSavedInTheFormatThatWasChosen(FxRobot robot) throws Exception {
        Path pdf = chooseFile("effect.pdf");
        choose(robot, "save-pdf");
        TestBench.waitFor(() -> Files.exists(pdf));

        try (PDDocument document = Loader.loadPDF(pdf.toFile())) {
            assertThat(new PDFTextStripper().getText(document)).contains(first().title(), "10.0", "logits");
            assertThat(document.getDocumentInformation().getCustomMetadataValue("Provenance"))
                    .contains(result().provenance().model().hash());
        }
    }

    @Test
    void dataAreSavedWithWhereTheyComeFrom(FxRobot robot) throws Exception {
        Path json = chooseFile("effect.json");
        choose(robot, "save-json");
        TestBench.waitFor(() -> Files.exists(json));

        Result read = ResultJson.read(json);
        assertThat(read.provenance()).isEqualTo(result().provenance());
        assertThat(ResultJson.writePanel(read.panels().get(0))).isEqualTo(ResultJson.writePanel(first()));
    }

    @Test
    void unknownEndingIsToldAndNothingIsWritten(FxRobot robot) throws Exception {
        Path file = chooseFile("effect.doc");
        choose(robot, "save-svg");
        TestBench.waitFor(() -> !table.failures.isEmpty());

        assertThat(table.failures).singleElement().asString().contains(".png, .svg, .pdf");
        assertThat(file).doesNotExist();
        table.failures.clear();
    }

    @Test
    void reportOfTheRunIsOneFile(FxRobot robot) throws Exception {
        Path html = chooseFile("report.html");
        robot.clickOn("#save-report");
        TestBench.waitFor(() -> Files.exists(html));

        assertThat(Files.readString(html))
                .contains(result().provenance().model().hash(), "headscope run head-ablation --model", "<svg ")
                .contains(">" + (float) first().grid().at(0, 0) + "<");
    }
}
