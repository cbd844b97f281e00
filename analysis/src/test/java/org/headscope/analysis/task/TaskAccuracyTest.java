package org.headscope.analysis.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class TaskAccuracyTest {
    private static final Path SHIPPED = Path.of(System.getProperty("headscope.assets"), "models", InductionModel.NAME);
    private static final long SEED = 3;
    private static final List<Intervention> MASK = List.of(
            new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero()),
            new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Gate(0.25)));

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() {
        StandIn.random(folder.resolve("random"));
        StandIn.saying(folder.resolve("a"), " A");
    }

    @Test
    void modelThatAlwaysSaysAIsRightWhereTheAnswerIsA() {
        try (HookedTransformer model = ModelLoader.load(folder.resolve("a"))) {
            Findings found = run(
                    model,
                    BosPolicy.AUTO,
                    List.of(),
                    new TaskAccuracy.Parameters("multiple-choice", Split.HELD_OUT, 40));
            int expected = (int) drawn(model, BosPolicy.AUTO, "multiple-choice", Split.HELD_OUT, 40).stream()
                    .filter(example -> example.example().answers().equals(List.of(" A")))
                    .count();

            List<Object> row = table(found, TaskAccuracy.SCORE).rows().get(0);
            assertThat(expected).isBetween(2, 30);
            assertThat(row.subList(0, 5))
                    .containsExactly("multiple-choice", "held-out", 40L, (long) expected, expected / 40.0);
            assertThat((double) row.get(5)).isLessThan(expected / 40.0);
            assertThat((double) row.get(6)).isGreaterThan(expected / 40.0);
        }
    }

    @Test
    void wrongAnswersAreListedWithWhatWasExpected() {
        try (HookedTransformer model = ModelLoader.load(folder.resolve("a"))) {
            Findings found = run(
                    model, BosPolicy.AUTO, List.of(), new TaskAccuracy.Parameters("multiple-choice", Split.TRAIN, 60));
            List<EncodedExample> wrong = drawn(model, BosPolicy.AUTO, "multiple-choice", Split.TRAIN, 60).stream()
                    .filter(example -> !example.example().answers().equals(List.of(" A")))
                    .toList();

            List<List<Object>> rows = table(found, TaskAccuracy.WRONG).rows();
            assertThat(rows).hasSize(20);
            for (int i = 0; i < rows.size(); i++) {
                TaskExample example = wrong.get(i).example();
                String end = rows.get(i).get(0).toString();
                assertThat(end).endsWith(" Answer:");
                assertThat(end.startsWith("…")).isEqualTo(example.prompt().length() > 80);
                assertThat(example.prompt()).endsWith(end.replace("…", ""));
                assertThat(rows.get(i).subList(1, 3))
                        .containsExactly(example.answers().get(0), " A");
                assertThat((double) rows.get(i).get(3)).isLessThan(0.01);
            }
        }
    }

    @Test
    void batchedExamGivesWhatOneRunPerExampleGives() {
        try (HookedTransformer model = ModelLoader.load(folder.resolve("random"))) {
            var parameters = new TaskAccuracy.Parameters("greater-than", Split.TRAIN, 60);

            assertSame(
                    score(model, BosPolicy.AUTO, List.of(), parameters),
                    plain(model, BosPolicy.AUTO, List.of(), parameters));
        }
    }

    @Test
    void standingInterventionsHoldAndAreReceipted() {
        try (HookedTransformer model = ModelLoader.load(folder.resolve("random"))) {
            var parameters = new TaskAccuracy.Parameters("repeat", Split.HELD_OUT, 50);
            Findings found = run(model, BosPolicy.AUTO, MASK, parameters);

            TaskScore masked = score(found);
            assertSame(masked, plain(model, BosPolicy.AUTO, MASK, parameters));
            assertThat(Math.abs(masked.loss()
                            - score(model, BosPolicy.AUTO, List.of(), parameters)
                                    .loss()))
                    .isGreaterThan(0.01);
            assertThat(found.receipts()).hasSize(2).allSatisfy(receipt -> {
                assertThat(receipt.fired()).isPositive();
                assertThat(receipt.changeMaxAbs()).isPositive();
            });
        }
    }

    @Test
    void policyOfTheSessionDecidesAboutTheFirstToken() {
        try (HookedTransformer model = ModelLoader.load(folder.resolve("random"))) {
            var parameters = new TaskAccuracy.Parameters("ioi", Split.HELD_OUT, 30);
            TaskScore without = score(model, BosPolicy.NEVER, List.of(), parameters);

            assertSame(without, plain(model, BosPolicy.NEVER, List.of(), parameters));
            assertThat(Math.abs(without.loss()
                            - score(model, BosPolicy.ALWAYS, List.of(), parameters)
                                    .loss()))
                    .isGreaterThan(0.01);
        }
    }

    @Test
    void vocabularyWithoutTheWordsIsRefusedByWhatIsMissing() {
        try (HookedTransformer model = ModelLoader.load(SHIPPED)) {
            assertThatThrownBy(() -> run(
                            model, BosPolicy.AUTO, List.of(), new TaskAccuracy.Parameters("ioi", Split.HELD_OUT, 10)))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("names are single tokens of this tokenizer")
                    .hasMessageContaining("Choose another task");
        }
    }

    @Test
    void modelWithoutATokenizerIsRefused() {
        try (HookedTransformer model = InductionModel.create()) {
            assertThatThrownBy(() -> run(
                            model, BosPolicy.AUTO, List.of(), new TaskAccuracy.Parameters("ioi", Split.HELD_OUT, 10)))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("token ids only")
                    .hasMessageContaining("tokenizer.json");
        }
    }

    @Test
    void unknownTaskIsRefusedWithAllThatThereAre() {
        ParameterBinder<TaskAccuracy.Parameters> binder = ParameterBinder.of(TaskAccuracy.Parameters.class);

        assertThat(binder.specs().get(0).choices())
                .contains("repeat", "ioi", "story")
                .hasSize(14);
        assertThatThrownBy(() -> binder.bind(Map.of("task", "juggling")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("juggling")
                .hasMessageContaining("repeat, phrase, ioi");
    }

    @Test
    void workIsAForwardPerExample() {
        try (HookedTransformer model = InductionModel.create()) {
            AnalysisContext context = context(model, BosPolicy.AUTO, List.of());

            assertThat(new TaskAccuracy().forwards(context, new TaskAccuracy.Parameters("ioi", Split.TRAIN, 77)))
                    .isEqualTo(77);
        }
    }

    private static AnalysisContext context(HookedTransformer model, BosPolicy bos, List<Intervention> standing) {
        SessionPrompts prompts = new SessionPrompts(Session.of(model).with(bos));
        return new AnalysisContext(model, prompts, standing, SEED, SweepJournal.none());
    }

    private static Findings run(
            HookedTransformer model, BosPolicy bos, List<Intervention> standing, TaskAccuracy.Parameters parameters) {
        return new TaskAccuracy().run(context(model, bos, standing), parameters, Progress.none());
    }

    private static TaskScore score(
            HookedTransformer model, BosPolicy bos, List<Intervention> standing, TaskAccuracy.Parameters parameters) {
        return score(run(model, bos, standing, parameters));
    }

    private static TaskScore score(Findings found) {
        List<Object> row = table(found, TaskAccuracy.SCORE).rows().get(0);
        return new TaskScore(((Long) row.get(2)).intValue(), ((Long) row.get(3)).intValue(), (double) row.get(7));
    }

    private static Table table(Findings found, String title) {
        return found.panels().stream()
                .map(Table.class::cast)
                .filter(table -> table.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private static List<EncodedExample> drawn(
            HookedTransformer model, BosPolicy bos, String task, Split split, int count) {
        return new TaskEncoder(Objects.requireNonNull(model.tokenizer()), bos)
                .draw(TaskRegistry.require(task), split, count, SEED);
    }

    /** One run per example, one example at a time. */
    private static TaskScore plain(
            HookedTransformer model, BosPolicy bos, List<Intervention> standing, TaskAccuracy.Parameters asked) {
        int right = 0;
        double loss = 0;
        for (EncodedExample example : drawn(model, bos, asked.task(), asked.split(), asked.count())) {
            try (RunResult run = model.run(RunRequest.of(TokenBatch.of(example.clean()))
                    .edits(new Interventions(model.config()).compile(standing))
                    .build())) {
                float[] logits = run.logits().toFloatArray();
                int vocab = logits.length / example.length();
                double[] last = LogProbabilities.row(logits, example.length() - 1, vocab);
                int best = 0;
                for (int token = 0; token < vocab; token++) {
                    best = last[token] > last[best] ? token : best;
                }
                right += example.isRight(best) ? 1 : 0;
                double together = 0;
                for (int answer : example.answers()) {
                    together += Math.exp(last[answer]);
                }
                loss -= Math.log(together) / asked.count();
            }
        }
        return new TaskScore(asked.count(), right, loss);
    }

    private static void assertSame(TaskScore batched, TaskScore plain) {
        assertThat(batched.examples()).isEqualTo(plain.examples());
        assertThat(batched.right()).isEqualTo(plain.right());
        assertThat(batched.loss()).isCloseTo(plain.loss(), within(1e-4));
    }
}
