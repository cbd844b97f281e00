package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ComboBox;
import javafx.stage.Stage;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridView;
import org.headscope.app.explore.PredictionRow;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.testing.FreshHome;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/** The first seconds of someone who starts the workbench: the shipped model answers, and a click changes its mind. */
@GuiTest
@Tag("engine")
class BundledModelGuiTest {
    private static final String PROMPT = "When Mary and John went to the park, John gave the book to";
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);

    @RegisterExtension
    final FreshHome home = new FreshHome();

    @Test
    void answersBeforeAnythingIsTypedAndWithoutTheHeadThatIsClicked(FxRobot robot) throws Exception {
        Stage stage = FxToolkit.registerPrimaryStage();
        HeadscopeApp app = (HeadscopeApp) FxToolkit.setupApplication(HeadscopeApp::new);
        long shown = System.nanoTime();
        GuiWait.untilVisible(robot, "#predictions");
        TestBench.waitFor(() -> !predictions(robot).isEmpty());
        assertThat(Duration.ofNanos(System.nanoTime() - shown)).isLessThan(FIRST_ANSWER);

        assertThat(stage.getTitle()).contains(ModelCatalog.DEFAULT);
        assertThat(predictions(robot).get(0).text()).isEqualTo(" Mary");
        assertThat(predictions(robot).get(0).after()).isCloseTo(probabilityOfMary(List.of()), within(1e-4));
        look(robot, stage.getScene());

        click(robot, 0, 4);
        double without =
                probabilityOfMary(List.of(new Intervention.Ablate(new Target.Head(0, 4), new Ablation.Zero())));
        TestBench.waitFor(() -> predictions(robot).stream()
                .anyMatch(row -> row.text().equals(" Mary") && Math.abs(row.after() - without) < 1e-4));
        FxToolkit.cleanupApplication(app);
    }

    private static void look(FxRobot robot, Scene scene) throws Exception {
        ComboBox<Object> score = robot.lookup("#score").queryComboBox();
        Object induction = score.getItems().stream()
                .filter(item -> score.getConverter().toString(item).equals("Induction score"))
                .findFirst()
                .orElseThrow();
        robot.interact(() -> score.setValue(induction));
        GridView<?> grid = robot.lookup("#heads").queryAs(GridView.class);
        TestBench.waitFor(() -> grid.model().numberedProperty().get());
        assertThat((double) grid.model().values().get(5, 3)).isGreaterThan(0.8);
        robot.moveTo(robot.lookup(".status-bar").<Node>query());
        Screenshots.take(scene, "first-start");
    }

    private static void click(FxRobot robot, int layer, int head) {
        GridView<?> grid = robot.lookup("#heads").queryAs(GridView.class);
        Point2D at = grid.localToScreen(grid.centreOf(new GridCell(layer, head)));
        robot.clickOn(at);
    }

    private static List<PredictionRow> predictions(FxRobot robot) {
        return List.copyOf(
                robot.lookup("#predictions").<PredictionRow>queryTableView().getItems());
    }

    /** The same question to a second copy of the model, without a window. */
    private static double probabilityOfMary(List<Intervention> off) {
        try (HookedTransformer model = ModelLoader.load(ModelCatalog.standard().resolve(ModelCatalog.DEFAULT))) {
            TextTokenizer tokenizer = Objects.requireNonNull(model.tokenizer());
            RunRequest request = RunRequest.of(TokenBatch.of(
                            tokenizer.encode(PROMPT, BosPolicy.AUTO).ids()))
                    .edits(new Interventions(model.config()).compile(off))
                    .lastLogits()
                    .build();
            try (RunResult run = model.run(request)) {
                return run.logits().softmax(-1).toFloatArray()[tokenizer.idOfSingleToken(" Mary")];
            }
        }
    }
}
