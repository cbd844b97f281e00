package org.headscope.hooks.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.Garbage;
import org.headscope.hooks.train.NextTokenLoss.Lesson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NextTokenLossTest {
    private static final int[][] IDS = {{0, 3, 7, 10, 3, 3}, {5, 5, 1, 2, 9, 4}};
    private static final float[][] WEIGHTS = {{9, 1, 0.1f, 0, 2, 1}, {9, 0, 0, 1, 0.5f, 0}};
    private static final Lesson LESSON = new Lesson(IDS, WEIGHTS);
    /** What the engine makes of scalars, masks, targets and weights of these lessons, in bytes. */
    private static final int[] SIZES = {4, 8, 36, 48, 96};

    /** Models with and without biases, gates and an unembedding of their own. */
    private enum Family {
        LLAMA,
        STARCODER;

        TrainableModel model() {
            return this == LLAMA ? TinyStart.llama() : TinyStart.starcoder();
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void theLossIsTheWeightedCrossEntropyOfTheLogits(Family family) {
        try (TrainableModel trained = family.model()) {
            assertThat(new NextTokenLoss(trained).learn(LESSON))
                    .isCloseTo(new CrossEntropy(trained.model()).of(LESSON), within(1e-5));
        }
    }

    @Test
    void neitherPositionZeroNorTokensWithoutWeightCount() {
        try (TrainableModel trained = TinyStart.llama()) {
            NextTokenLoss loss = new NextTokenLoss(trained);
            double nats = loss.learn(LESSON);
            int[][] otherEnd = {IDS[0], {5, 5, 1, 2, 9, 8}};
            float[][] otherStart = {{0, 1, 0.1f, 0, 2, 1}, {1, 0, 0, 1, 0.5f, 0}};
            assertThat(loss.learn(new Lesson(otherEnd, otherStart))).isEqualTo(nats);
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void theGradientOfEveryParameterIsTheSlopeOfTheLoss(Family family) {
        try (TrainableModel trained = family.model()) {
            Map<String, float[]> gradients = gradients(trained, () -> {});
            CrossEntropy loss = new CrossEntropy(trained.model());
            gradients.forEach((name, gradient) -> {
                ParameterSlope slope = new ParameterSlope(trained, name, () -> loss.of(LESSON));
                slope.agrees(gradient, slope.between(gradient, name.hashCode()));
                slope.agrees(gradient, slope.largest(gradient));
            });
            assertThat(gradients).hasSameSizeAs(trained.parameters());
        }
    }

    private static Map<String, float[]> gradients(TrainableModel trained, Runnable between) {
        new NextTokenLoss(trained).learn(LESSON, between);
        Map<String, float[]> gradients = new LinkedHashMap<>();
        trained.parameters()
                .forEach((name, weight) ->
                        gradients.put(name, weight.getGradient().toFloatArray()));
        return gradients;
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void gradientsSurviveAGarbageCollectionBetweenThePasses(Family family) {
        try (TrainableModel calm = family.model();
                TrainableModel disturbed = family.model()) {
            Map<String, float[]> expected = gradients(calm, () -> {});
            Map<String, float[]> found = gradients(disturbed, () -> assertThat(Garbage.overwriteFreedMemory(SIZES))
                    .isNotEmpty());
            expected.forEach(
                    (name, gradient) -> assertThat(found.get(name)).as(name).containsExactly(gradient));
        }
    }

    @Test
    void gradientsOfSeveralLessonsAddUp() {
        try (TrainableModel once = TinyStart.starcoder();
                TrainableModel twice = TinyStart.starcoder()) {
            Map<String, float[]> single = gradients(once, () -> {});
            gradients(twice, () -> {});
            Map<String, float[]> sum = gradients(twice, () -> {});
            single.forEach((name, gradient) -> {
                float[] doubled = gradient.clone();
                for (int i = 0; i < doubled.length; i++) {
                    doubled[i] *= 2;
                }
                assertThat(sum.get(name)).as(name).containsExactly(doubled, within(1e-6f));
            });
        }
    }

    @Test
    void stepsLeaveNoNativeMemoryBehind() {
        AdamW.Settings settings = new AdamW.Settings(0.9, 0.98, 1e-8, 0.1, 1);
        try (TrainableModel trained = TinyStart.starcoder();
                NDManager manager = trained.model().newManager();
                AdamW optimizer = new AdamW(trained.parameters(), settings, manager)) {
            NextTokenLoss loss = new NextTokenLoss(trained);
            // The first step makes the tables of sines.
            loss.learn(LESSON);
            optimizer.step(0.01);
            int before = trained.model().ownedResources();
            for (int i = 0; i < 5; i++) {
                loss.learn(LESSON);
                optimizer.step(0.01);
            }
            assertThat(trained.model().ownedResources()).isEqualTo(before);
        }
    }

    @Test
    void aLessonWithoutWeightIsRefused() {
        try (TrainableModel trained = TinyStart.llama()) {
            refused(trained, new Lesson(IDS, new float[2][6]), "add up to 0.0");
            refused(trained, new Lesson(new int[][] {{1}}, new float[][] {{1}}), "add up to 0.0");
            float[][] broken = {{0, Float.NaN, 1, 1, 1, 1}, {0, 1, 1, 1, 1, 1}};
            refused(trained, new Lesson(IDS, broken), "add up to NaN");
            assertThat(new NextTokenLoss(trained).learn(LESSON)).isFinite();
        }
    }

    @Test
    void weightsThatDoNotFitTheTokensAreRefused() {
        try (TrainableModel trained = TinyStart.llama()) {
            refused(trained, new Lesson(IDS, new float[][] {WEIGHTS[0], {1, 1}}), "(row 1)");
            refused(trained, new Lesson(IDS, new float[][] {WEIGHTS[0]}), "do not fit its 2 rows");
            int[][] unknown = {{0, 3, TinyStart.VOCAB, 1, 1, 1}, IDS[1]};
            refused(trained, new Lesson(unknown, WEIGHTS), "Token id 11 at position 2");
        }
    }

    private static void refused(TrainableModel trained, Lesson lesson, String why) {
        int before = trained.model().ownedResources();
        assertThatThrownBy(() -> new NextTokenLoss(trained).learn(lesson))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(why);
        assertThat(trained.model().ownedResources()).isEqualTo(before);
    }

    @Test
    void learningWaitsWhileSomeoneElseTakesGradients() throws Exception {
        try (TrainableModel trained = TinyStart.llama();
                TrainableModel studied = TinyStart.llama()) {
            CountDownLatch taking = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            CompletableFuture<Double> metric = CompletableFuture.supplyAsync(() -> slowGradient(studied, taking, goOn));
            taking.await();
            CompletableFuture<Double> nats =
                    CompletableFuture.supplyAsync(() -> new NextTokenLoss(trained).learn(LESSON));
            assertThatThrownBy(() -> nats.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            goOn.countDown();
            assertThat(metric.get(30, TimeUnit.SECONDS)).isFinite();
            assertThat(nats.get(30, TimeUnit.SECONDS)).isPositive();
        }
    }

    private static double slowGradient(TrainableModel studied, CountDownLatch taking, CountDownLatch goOn) {
        RunRequest request = RunRequest.of(TokenBatch.of(IDS))
                .capture(HookSite.global(SiteKind.EMBED))
                .build();
        try (Gradients.Result result = new Gradients(studied.model()).of(request, logits -> {
            taking.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return logits.reshape(new Shape(-1)).get(0);
        })) {
            return result.metric();
        }
    }
}
