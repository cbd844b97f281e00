package org.headscope.analysis.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskExamTest {
    private static final int VOCAB = 12;
    private static final TaskExample TEXT = TaskExample.of("role", "prompt", "corrupt", " answer", " other");

    private final HookedTransformer model =
            RandomModel.of(RandomModel.llama(new Dims(2, 4, 2, 16, 4, 24, 64, VOCAB)), 3);
    private final Intervention off = new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Zero());

    @AfterEach
    void close() {
        model.close();
    }

    private static List<EncodedExample> examples(int count) {
        SplittableRandom random = new SplittableRandom(5);
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(random.nextInt(3, 7), 0, VOCAB).toArray();
            int answer = random.nextInt(VOCAB);
            int[] answers = i % 3 == 0 ? new int[] {answer, (answer + 1) % VOCAB} : new int[] {answer};
            examples.add(new EncodedExample(TEXT, ids, ids, answers, new int[] {0}));
        }
        return examples;
    }

    @Test
    void answersAreThoseOfPlainRunsOneByOne() {
        answersAgree(List.of());
        answersAgree(List.of(off));
    }

    private void answersAgree(List<Intervention> standing) {
        List<EncodedExample> examples = examples(40);
        // The first run makes the tables of sines.
        probabilities(new int[] {1, 2, 3, 4, 5, 6, 7}, standing);
        int before = model.ownedResources();
        List<TaskExam.Answer> answers = new TaskExam(model, standing).ask(examples, Progress.none());
        assertThat(model.ownedResources()).isEqualTo(before);
        assertThat(answers).extracting(TaskExam.Answer::example).containsExactlyInAnyOrderElementsOf(examples);
        for (TaskExam.Answer answer : answers) {
            double[] probabilities = probabilities(answer.example().clean(), standing);
            double right = 0;
            for (int token : answer.example().answers()) {
                right += probabilities[token];
            }
            assertThat(answer.probability()).isCloseTo(right, within(1e-5));
            for (double other : probabilities) {
                assertThat(probabilities[answer.token()]).isGreaterThan(other - 1e-5);
            }
            assertThat(answer.right()).isEqualTo(answer.example().isRight(answer.token()));
        }
    }

    private double[] probabilities(int[] ids, List<Intervention> standing) {
        RunRequest request = RunRequest.of(TokenBatch.of(ids))
                .edits(new Interventions(model.config()).compile(standing))
                .build();
        try (RunResult run = model.run(request)) {
            float[] logits = run.logits().toFloatArray();
            double[] probabilities = new double[VOCAB];
            double total = 0;
            for (int v = 0; v < VOCAB; v++) {
                probabilities[v] = Math.exp(logits[(ids.length - 1) * VOCAB + v]);
                total += probabilities[v];
            }
            for (int v = 0; v < VOCAB; v++) {
                probabilities[v] /= total;
            }
            return probabilities;
        }
    }

    @Test
    void theScoreCountsRightAnswersAndAveragesTheirSurprise() {
        EncodedExample example =
                new EncodedExample(TEXT, new int[] {1}, new int[] {2}, new int[] {4, 5}, new int[] {6});
        TaskScore score = TaskExam.score(List.of(
                new TaskExam.Answer(example, 4, Math.log(0.5)),
                new TaskExam.Answer(example, 5, Math.log(0.25)),
                new TaskExam.Answer(example, 6, Math.log(0.125)),
                new TaskExam.Answer(example, 0, 0)));
        assertThat(score.examples()).isEqualTo(4);
        assertThat(score.right()).isEqualTo(2);
        assertThat(score.accuracy()).isEqualTo(0.5);
        assertThat(score.loss()).isCloseTo((1 + 2 + 3 + 0) * Math.log(2) / 4, within(1e-12));
    }

    @Test
    void hopelessAnswersHaveAFiniteSurprise() {
        EncodedExample example =
                new EncodedExample(TEXT, new int[] {1}, new int[] {2}, new int[] {0, 1}, new int[] {2});

        double log = example.logOfRight(new float[] {9, -200, -200, 0}, 1);

        assertThat(log).isCloseTo(-200 + Math.log(2), within(1e-9));
    }

    @Test
    void progressIsToldAfterEveryBatchAndCanStop() {
        List<Long> done = new ArrayList<>();
        Progress twice = new Progress() {
            @Override
            public void report(long finished, long total, String message) {
                assertThat(total).isEqualTo(40);
                done.add(finished);
            }

            @Override
            public boolean isCancelled() {
                return done.size() == 2;
            }

            @Override
            public void partial(Panel panel) {}
        };
        TaskExam exam = new TaskExam(model, List.of());
        assertThatThrownBy(() -> exam.ask(examples(40), twice)).isInstanceOf(CancelledException.class);
        assertThat(done).hasSize(2).isSorted();
    }
}
