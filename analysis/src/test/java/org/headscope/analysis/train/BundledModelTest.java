package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.ablation.HeadSetControl;
import org.headscope.analysis.detect.AttentionSinks;
import org.headscope.analysis.detect.HeadDetectors;
import org.headscope.analysis.patching.ActivationPatching;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.LoadOptions;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.weights.ProcessingStep;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the shipped model in docs/bundled-model.md, asked of its weights. */
@Tag("engine")
class BundledModelTest {
    private static final Path FOLDER = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
    private static final long LARGEST = 20_000_000;

    private static HookedTransformer model;

    @BeforeAll
    static void load() {
        model = ModelLoader.load(FOLDER);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void isSmallAndHasGroupsAndALongContext() throws IOException {
        assertThat(Files.size(FOLDER.resolve("model.safetensors"))).isLessThan(LARGEST);
        assertThat(model.identity().warnings()).isEmpty();
        assertThat(model.config().dims().context()).isGreaterThanOrEqualTo(512);
        assertThat(model.config().dims().group()).isGreaterThan(1);
    }

    @Test
    void isMadeByTheRecipeOfTheTrainer(@TempDir Path fresh) throws IOException {
        Recipe.bundled().prepare(fresh);

        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            assertThat(FOLDER.resolve(file)).as(file).hasSameTextualContentAs(fresh.resolve(file));
        }
        List<String> losses = Files.readAllLines(FOLDER.resolve("training/loss.csv"));
        assertThat(losses).hasSize((int) Plan.standard().steps() + 1);
    }

    @Test
    void reachesItsGoalsOnWhatItNeverLearned() {
        TaskEncoder encoder = new TaskEncoder(Objects.requireNonNull(model.tokenizer()), BosPolicy.AUTO);
        List<Verification.Row> rows =
                new Verification(encoder, new TaskExam(model, List.of()), 60, 11).run(Progress.none());

        assertThat(rows).hasSize(14).noneMatch(Verification.Row::missed);
        assertThat(rows.stream().filter(row -> row.goal().isPresent())).hasSize(13);
    }

    @Test
    void foldingItsLayerNormsChangesNothing() {
        int[] ids = Objects.requireNonNull(model.tokenizer())
                .encode("When Mary and John went to the park, John gave the book to", BosPolicy.AUTO)
                .ids();
        try (HookedTransformer folded = ModelLoader.load(FOLDER, LoadOptions.PROCESSED)) {
            double[] raw = logProbabilities(model, ids);
            double[] processed = logProbabilities(folded, ids);

            assertThat(folded.identity().numerics().steps()).contains(ProcessingStep.FOLD_LN);
            assertThat(processed).containsExactly(raw, within(1e-3));
        }
    }

    private static double[] logProbabilities(HookedTransformer of, int[] ids) {
        try (RunResult run =
                of.run(RunRequest.of(TokenBatch.of(ids)).lastLogits().build())) {
            float[] logs = run.logits().logSoftmax(-1).toFloatArray();
            return IntStream.range(0, logs.length).mapToDouble(i -> logs[i]).toArray();
        }
    }

    @Test
    void hasPreviousTokenAndInductionHeads() {
        Findings found = run(new HeadDetectors());

        assertThat(grid(found, "Previous-token score").at(1, 4)).isGreaterThan(0.99);
        Grid induction = grid(found, "Induction score");
        assertThat(IntStream.range(0, induction.size())
                        .filter(head -> induction.valueAt(head) > 0.5)
                        .map(head -> head / 8))
                .hasSize(11)
                .containsOnly(3, 5);
    }

    @Test
    void hasAttentionSinksOnItsFirstToken() {
        Findings found = run(new AttentionSinks(), "--sequences", "20");

        List<Object> withBos = table(found, "Sink heads").rows().stream()
                .filter(row -> row.contains("random ids") && row.contains("yes"))
                .findFirst()
                .orElseThrow();
        assertThat((double) withBos.get(4)).isGreaterThan(30);
    }

    @Test
    void findsNoNeedleWithoutTwoHeadsAndAlmostAllWithoutTwoOthers() {
        List<List<Object>> rows = table(
                        run(
                                new HeadSetControl(),
                                "--task",
                                "needle",
                                "--heads",
                                "1.4,1.5",
                                "--controls",
                                "5",
                                "--count",
                                "30"),
                        "Accuracy without a set of heads")
                .rows();

        assertThat((double) rows.get(0).get(2)).as("full model").isGreaterThan(0.9);
        assertThat((double) rows.get(1).get(2)).as("without 1.4 and 1.5").isLessThan(0.2);
        rows.stream().skip(2).forEach(row -> assertThat((double) row.get(2))
                .as(row.get(1).toString())
                .isGreaterThan(0.9));
    }

    /** Without a message about who acts the model guesses; with one about somebody else it is wrong. */
    @Test
    void namesAreLostMoreByAForeignMessageThanByNone() {
        double zero = withoutTheHeadsOfNames("--mode", "zero");
        double foreign = withoutTheHeadsOfNames("--mode", "resample", "--reference", "neutral", "--references", "10");

        assertThat(zero).isBetween(0.5, 0.85);
        assertThat(foreign).isLessThan(0.3);
    }

    private static double withoutTheHeadsOfNames(String... how) {
        List<String> given =
                new ArrayList<>(List.of("--task", "ioi", "--heads", "0.4,0.7", "--controls", "1", "--count", "100"));
        given.addAll(List.of(how));
        Findings found = run(new HeadSetControl(), given.toArray(String[]::new));
        return (double)
                table(found, "Accuracy without a set of heads").rows().get(1).get(2);
    }

    @Test
    void namesAndFactsComeBackByPatchingOnePlace() {
        GridPanel name = (GridPanel) patch(
                "When Mary and John went to the park, John gave the book to",
                "When Mary and John went to the park, Mary gave the book to",
                " Mary",
                " John");
        GridPanel fact = (GridPanel) patch("The capital of France is", "The capital of Japan is", " Paris", " Tokyo");

        // The name has moved to the verb, the fact from the country to the last word.
        assertThat(name.grid().at(2, 11)).isGreaterThan(0.9);
        assertThat(fact.grid().at(0, 4)).isGreaterThan(0.99);
        assertThat(fact.grid().at(2, 5)).isGreaterThan(0.8);
    }

    private static Panel patch(String clean, String corrupt, String answer, String foil) {
        return run(new ActivationPatching(), "--clean", clean, "--corrupt", corrupt, "--answer", answer, "--foil", foil)
                .panels()
                .get(0);
    }

    private static AnalysisContext context() {
        return new AnalysisContext(model, new SessionPrompts(Session.of(model)), List.of(), 0, SweepJournal.none());
    }

    /** Runs an analysis as the command line does, with defaults for what is not given. */
    private static <P extends Record, F extends Findings> Findings run(Analysis<P, F> analysis, String... given) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < given.length; i += 2) {
            values.put(given[i].substring(2), given[i + 1]);
        }
        P parameters = ParameterBinder.of(analysis.parameters()).bind(values);
        return analysis.run(context(), parameters, Progress.none());
    }

    private static Grid grid(Findings found, String title) {
        return found.panels().stream()
                .filter(one -> one.title().equals(title))
                .map(panel -> ((GridPanel) panel).grid())
                .findFirst()
                .orElseThrow();
    }

    private static Table table(Findings found, String title) {
        return found.panels().stream()
                .filter(one -> one.title().equals(title))
                .map(Table.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
