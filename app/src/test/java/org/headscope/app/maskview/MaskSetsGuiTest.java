package org.headscope.app.maskview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.geometry.Point2D;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.evaluate.MaskEvaluation;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskInterventions;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.files.Assets;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
@Tag("engine")
class MaskSetsGuiTest {
    private static final MaskUnit COPIER = MaskUnit.head(1, 2);
    private static final MaskUnit PREVIOUS = MaskUnit.head(0, 1);
    private static final int[] IDS = {0, 1, 2, 3, 4, 1, 2, 3};

    @TempDir
    Path folder;

    private WorkspaceStore store;
    private TestBench table;
    private MaskViewModel model;
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        store = WorkspaceStore.open(folder.resolve("workspace.db"));
        table = new TestBench(FxExecutor.INSTANCE, store);
        model = new MaskViewModel(table.bench);
        StackPane root = new StackPane(new MaskView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1060, 740);
        table.showInductionModel();
    }

    @AfterEach
    void close() {
        table.close();
        store.close();
    }

    @Test
    void savedMaskIsLoadedRenamedDeletedAndBroughtBack(FxRobot robot) {
        HeadMask mask = none().with(COPIER, MaskSetting.gate(0.25)).with(PREVIOUS, MaskSetting.ZERO);
        save(robot, "circuit", mask);
        set(robot, none());
        selectSet(robot, 0);
        robot.clickOn("#set-load");
        assertThat(mask()).isEqualTo(mask);
        robot.interact(() -> table.bench.edits().undo());
        assertThat(mask()).isEqualTo(none());

        robot.clickOn("#set-rename").write("other").press(KeyCode.ENTER).release(KeyCode.ENTER);
        TestBench.waitFor(
                () -> sets(robot).getItems().stream().anyMatch(set -> set.name().endsWith("other")));
        selectSet(robot, 0);
        robot.clickOn("#set-delete");
        TestBench.waitFor(() -> sets(robot).getItems().isEmpty());
        robot.clickOn("#set-undo");
        TestBench.waitFor(() -> sets(robot).getItems().size() == 1);
        assertThat(sets(robot).getItems().get(0).mask()).isEqualTo(mask);
    }

    @Test
    void maskOfOtherWeightsIsNotListed(FxRobot robot) {
        save(robot, "circuit", none().with(COPIER, MaskSetting.ZERO));
        robot.interact(() -> table.bench.open(Assets.locate().file("models/induction-2l")));
        TestBench.waitFor(() -> sets(robot).getItems().isEmpty());
        assertThat(store.masks().all()).hasSize(1);
    }

    @Test
    void twoMasksAreCombinedAndTheConflictIsDecidedInSight(FxRobot robot) throws IOException {
        HeadMask saved = none().with(COPIER, MaskSetting.gate(0.25)).with(PREVIOUS, MaskSetting.ZERO);
        save(robot, "gated", saved);
        HeadMask now = none().with(List.of(COPIER, MaskUnit.head(1, 3)), MaskSetting.ZERO);
        set(robot, now);
        choose(robot, "#combine-second", 1);
        assertThat(robot.lookup("#combine-conflicts").queryAs(Label.class).getText())
                .contains("1.2 (zero / gate 0.25)");
        pictures(robot, "mask-sets");
        robot.clickOn("#combine");
        assertThat(mask()).isEqualTo(now.with(PREVIOUS, MaskSetting.ZERO));

        set(robot, now);
        choose(robot, "#combine-holds", 1);
        robot.clickOn("#combine");
        assertThat(mask()).isEqualTo(saved.with(MaskUnit.head(1, 3), MaskSetting.ZERO));
        set(robot, now);
        choose(robot, "#combine-way", 1);
        robot.clickOn("#combine");
        assertThat(mask()).isEqualTo(none().with(COPIER, MaskSetting.gate(0.25)));
        set(robot, now);
        choose(robot, "#combine-way", 2);
        robot.clickOn("#combine");
        assertThat(mask()).isEqualTo(none().with(MaskUnit.head(1, 3), MaskSetting.ZERO));
        robot.interact(() -> table.bench.edits().undo());
        assertThat(mask()).isEqualTo(now);
    }

    @Test
    void invertMasksExactlyTheOthersAndTheControlAsManyInEveryLayer(FxRobot robot) {
        HeadMask mask = none().with(List.of(COPIER, MaskUnit.head(1, 0), PREVIOUS), MaskSetting.ZERO);
        set(robot, mask);
        robot.clickOn("#mask-invert");
        assertThat(mask().units(MaskUnit.Kind.HEAD)).hasSize(5).doesNotContain(COPIER, PREVIOUS, MaskUnit.head(1, 0));
        robot.clickOn("#mask-invert");
        assertThat(mask()).isEqualTo(mask);

        robot.clickOn("#mask-control");
        HeadMask first = mask();
        assertThat(model.noticeProperty().get()).contains("seed 0");
        assertThat(first.intersect(mask).isEmpty()).isTrue();
        assertThat(byLayer(first)).isEqualTo(byLayer(mask));
        robot.clickOn("#mask-control");
        assertThat(model.noticeProperty().get()).contains("seed 1");
        assertThat(mask().intersect(mask).isEmpty()).isTrue();
        assertThat(byLayer(mask())).isEqualTo(byLayer(mask));
    }

    @Test
    void clickInTheGridMasksAndUnmasks(FxRobot robot) {
        var grid = robot.lookup("#mask-grid").queryAs(HeadGrid.class);
        robot.interact(grid::requestFocus);
        robot.interact(() -> model.grid().moveTo(new GridCell(1, 2), false));
        robot.press(KeyCode.SPACE).release(KeyCode.SPACE);
        assertThat(mask()).isEqualTo(none().with(COPIER, MaskSetting.ZERO));
        assertThat(table.bench.headProperty().get()).isEqualTo(COPIER);
        robot.press(KeyCode.SPACE).release(KeyCode.SPACE);
        assertThat(mask()).isEqualTo(none());
        Point2D middle = grid.localToScreen(grid.getWidth() / 2, grid.getHeight() / 2);
        robot.clickOn(middle);
        assertThat(mask().size()).isLessThanOrEqualTo(1);
    }

    @Test
    void evaluationIsThatOfAPlainLoop(FxRobot robot) throws IOException {
        HeadMask mask = none().with(COPIER, MaskSetting.ZERO);
        set(robot, mask);
        tab(robot, 1);
        robot.clickOn("#evaluate-text").write("ids:0,1,2,3,4,1,2,3");
        robot.clickOn("#run");
        TestBench.waitFor(() -> evaluated().isPresent());

        List<List<Object>> rows = evaluated().orElseThrow().rows();
        assertThat(rows).hasSize(5);
        assertThat((double) rows.get(0).get(3)).isCloseTo(loss(none()), within(1e-6));
        assertThat((double) rows.get(1).get(3)).isCloseTo(loss(mask), within(1e-6));
        assertThat(store.runs().recent(1).get(0).spec().analysis()).isEqualTo(MaskEvaluation.ID);
        pictures(robot, "mask-evaluate");
    }

    @Test
    void comparisonShowsWhereEachHeadIsMaskedAndEvaluatesBoth(FxRobot robot) throws IOException {
        HeadMask saved = none().with(COPIER, MaskSetting.gate(0.25))
                .with(List.of(PREVIOUS, MaskUnit.head(0, 0)), MaskSetting.ZERO);
        save(robot, "gated", saved);
        set(robot, none().with(List.of(COPIER, MaskUnit.head(1, 3), PREVIOUS), MaskSetting.ZERO));
        tab(robot, 1);
        robot.clickOn("#evaluate-text").write("ids:0,1,2,3,4,1,2,3");
        tab(robot, 2);
        choose(robot, "#compare-second", 1);

        assertThat(sign(robot, 1, 2)).isEqualTo("≠");
        assertThat(sign(robot, 0, 1)).isEqualTo("=");
        assertThat(sign(robot, 1, 3)).isEqualTo("A");
        assertThat(sign(robot, 0, 0)).isEqualTo("B");
        assertThat(sign(robot, 1, 0)).isEqualTo("·");
        assertThat(robot.lookup("#pair-remarks").queryAs(Label.class).getText()).isEqualTo("1.2: A zero, B gate 0.25");
        robot.clickOn("#compare-evaluate");
        TestBench.waitFor(() -> store.runs().recent(5).size() == 2
                && store.runs().recent(5).stream().allMatch(run -> run.hasResult()));
        TestBench.waitFor(() -> robot.lookup(".table-panel").tryQuery().isPresent());
        TableView<?> both = robot.lookup(".table-panel").queryAs(TableView.class);
        List<?> row = (List<?>) both.getItems().get(1);
        assertThat(row.get(0)).isEqualTo("loss (nats)");
        assertThat(row.get(1)).isEqualTo("masked");
        assertThat((double) row.get(2)).isCloseTo(loss(mask()), within(1e-6));
        assertThat((double) row.get(3)).isCloseTo(loss(saved), within(1e-6));
        pictures(robot, "mask-compare");
    }

    @Test
    void whatWeightsCannotHoldIsRefusedBeforeAnythingIsWritten(FxRobot robot) throws IOException {
        robot.interact(() -> table.bench.open(Assets.locate().file("models/induction-2l")));
        TestBench.waitFor(() -> table.bench.modelProperty().get().identity().path() != null);
        table.dialogs.answerFolder(folder);
        set(robot, none().with(COPIER, MaskSetting.of(Mode.UNIFORM)));
        robot.interact(() -> model.bake(false));
        TestBench.waitFor(() -> model.errorProperty().get().contains("only zero can"));
        set(robot, none().with(COPIER, MaskSetting.ZERO));
        robot.interact(() -> model.bake(true));
        TestBench.waitFor(() -> model.errorProperty().get().contains("cannot be cut out"));
        try (Stream<Path> inside = Files.list(folder)) {
            assertThat(inside.filter(Files::isDirectory)).isEmpty();
        }

        robot.interact(() -> model.bake(false));
        TestBench.waitFor(() -> !model.noticeProperty().get().isEmpty());
        try (HookedTransformer baked = ModelLoader.load(folder.resolve("induction-2l-masked"))) {
            assertThat(loss(baked, none())).isCloseTo(loss(mask()), within(1e-4));
        }
    }

    private HeadMask none() {
        return HeadMask.none(table.bench.modelProperty().get().maskShape());
    }

    private HeadMask mask() {
        return table.bench.maskProperty().get();
    }

    private void set(FxRobot robot, HeadMask mask) {
        robot.interact(() -> table.bench.maskProperty().set(mask));
    }

    private void save(FxRobot robot, String name, HeadMask mask) {
        set(robot, mask);
        robot.clickOn("#set-name").write(name).clickOn("#set-save");
        TestBench.waitFor(() -> sets(robot).getItems().size() == 1);
    }

    @SuppressWarnings("unchecked")
    private static TableView<SavedMask> sets(FxRobot robot) {
        return robot.lookup("#sets").queryAs(TableView.class);
    }

    private static void selectSet(FxRobot robot, int row) {
        robot.interact(() -> sets(robot).getSelectionModel().select(row));
    }

    private static void choose(FxRobot robot, String box, int index) {
        robot.interact(() ->
                robot.lookup(box).queryAs(ComboBox.class).getSelectionModel().select(index));
    }

    private static void tab(FxRobot robot, int index) {
        robot.interact(() -> robot.lookup("#mask-tabs")
                .queryAs(TabPane.class)
                .getSelectionModel()
                .select(index));
    }

    private static String sign(FxRobot robot, int layer, int head) {
        return robot.lookup("#pair-" + layer + "-" + head).queryAs(Label.class).getText();
    }

    private static Map<Integer, Long> byLayer(HeadMask mask) {
        return mask.units(MaskUnit.Kind.HEAD).stream()
                .collect(Collectors.groupingBy(MaskUnit::layer, Collectors.counting()));
    }

    private Optional<Table> evaluated() {
        return store.runs().recent(1).stream()
                .filter(run -> run.hasResult())
                .map(run -> (Table)
                        store.runs().result(run.id()).orElseThrow().panels().get(0))
                .findFirst();
    }

    private static double loss(HeadMask mask) {
        try (HookedTransformer open = InductionModel.create()) {
            return loss(open, mask);
        }
    }

    private static double loss(HookedTransformer open, HeadMask mask) {
        int vocab = open.config().dims().vocab();
        RunRequest request = RunRequest.of(TokenBatch.of(IDS))
                .edits(new Interventions(open.config()).compile(new MaskInterventions(Map.of()).compile(mask)))
                .build();
        try (RunResult run = open.run(request)) {
            float[] logits = run.logits().toFloatArray();
            double sum = 0;
            for (int p = 0; p + 1 < IDS.length; p++) {
                sum -= LogProbabilities.row(logits, p, vocab)[IDS[p + 1]];
            }
            return sum / (IDS.length - 1);
        }
    }

    private void pictures(FxRobot robot, String name) throws IOException {
        Screenshots.take(stage.getScene(), name + "-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), name + "-dark");
        robot.interact(() -> themes.themeProperty().set(Theme.LIGHT));
    }
}
