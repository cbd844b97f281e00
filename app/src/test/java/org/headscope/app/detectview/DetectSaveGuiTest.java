package org.headscope.app.detectview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import org.headscope.analysis.result.GridPanel;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.SaveMenu;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/** What is saved from Detect says where each of its scores is from. */
@GuiTest
@Tag("engine")
class DetectSaveGuiTest {
    @RegisterExtension
    final DetectDesk desk = new DetectDesk();

    @Test
    void scoresAreSavedWithEveryRunTheyComeFrom(FxRobot robot, @TempDir Path folder) throws IOException {
        desk.model().detectors().forEach(detector -> detector.tickedProperty()
                .set(List.of("head-detectors", "copying-scores")
                        .contains(detector.info().id())));
        desk.run(robot);
        SaveMenu save = new SaveMenu(robot, desk.table(), folder);
        desk.choose(robot, "#colour", DetectDesk.INDUCTION);
        GridPanel induction = save.panel("grid-menu", GridPanel.class);
        assertThat(induction.grid().at(1, 2)).isCloseTo(1, within(1e-5));

        Path csv = save.save("table-menu", "csv");
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines).hasSize(1 + 8);
        assertThat(lines.get(0)).startsWith("Head,").endsWith(",Meets the thresholds");
        assertThat(lines.get(0).split(","))
                .hasSize(2 + desk.model().board().scores().size());
        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(
                                folder.resolve("table-menu.csv.provenance.json").toFile()))
                .hasSize(2)
                .allSatisfy(run -> assertThat(run.findValue("hash").asText())
                        .isEqualTo(desk.model()
                                .board()
                                .scores()
                                .get(0)
                                .origin()
                                .provenance()
                                .model()
                                .hash()));

        desk.choose(robot, "#scatter-x", DetectDesk.PREVIOUS);
        desk.choose(robot, "#scatter-y", DetectDesk.INDUCTION);
        String svg = Files.readString(save.save("scatter-menu", "svg"));
        assertThat(svg).contains("Induction score", "Previous-token score");
        robot.clickOn("#scatter-menu");
        assertThat(robot.lookup("#save-safetensors").tryQuery().filter(Node::isVisible))
                .as("points are no grid")
                .isEmpty();
        robot.type(KeyCode.ESCAPE);
    }
}
