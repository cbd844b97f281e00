package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class LensTableTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9};

    /** A lens that is kept reads a prompt as the analysis does that trains one for it. */
    @Test
    void trainedLensReadsAsTheAnalysis() {
        try (HookedTransformer model = RandomModel.of(RandomModel.gpt2(new Dims(3, 4, 4, 16, 4, 24, 32, 31)), 3)) {
            checkTuned(model);
        }
    }

    @Test
    void modelWithoutNormsHasATunedLensToo() {
        try (HookedTransformer model = InductionModel.create()) {
            checkTuned(model);
        }
    }

    /** As in a window, where one thread trains and others read. */
    @Test
    void lensThatOneThreadTrainedIsReadThroughByAnother() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        ExecutorService other = Executors.newSingleThreadExecutor();
        int[] text = IntStream.range(0, 260).map(i -> 1 + (i * 7 + i / 31) % 31).toArray();
        try (HookedTransformer model = InductionModel.create()) {
            TunedLens.Parameters how = ParameterBinder.of(TunedLens.Parameters.class)
                    .bind(Map.of(
                            "prompt", prompt(IDS).line(), "text", prompt(text).line()));
            AnalysisContext context = IdContexts.of(model);
            try (TrainedLens lens = one.submit(() -> TrainedLens.train(context, how, Progress.none()))
                    .get()) {
                LensTable table = other.submit(() -> LensTable.read(context, how.prompt(), null, lens, Progress.none()))
                        .get();
                assertThat(table.at(2, 5).divergence()).isZero();
                assertThat(lens.heldOutBits().get(0))
                        .isLessThan(lens.logitLensBits().get(0));
            }
        } finally {
            one.shutdown();
            other.shutdown();
        }
    }

    private static void checkTuned(HookedTransformer model) {
        int[] text = IntStream.range(0, 260).map(i -> 1 + (i * 7 + i / 31) % 30).toArray();
        TunedLens.Parameters how = ParameterBinder.of(TunedLens.Parameters.class)
                .bind(Map.of("prompt", prompt(IDS).line(), "text", prompt(text).line(), "length", "32", "steps", "20"));
        AnalysisContext context = IdContexts.of(model);
        var found = new TunedLens().run(context, how, Progress.none());
        GridPanel divergence = LensChecks.panel(found, LogitLens.DIVERGENCE);
        GridPanel probability = LensChecks.panel(found, LogitLens.PROBABILITY);
        GridPanel likeliest = LensChecks.panel(found, LogitLens.LIKELIEST);
        try (TrainedLens lens = TrainedLens.train(context, how, Progress.none())) {
            LensTable table = LensTable.read(context, how.prompt(), null, lens, Progress.none());
            for (int row = 0; row < table.rows().size(); row++) {
                for (int p = 0; p < IDS.length; p++) {
                    assertThat(table.at(row, p).divergence())
                            .isCloseTo(divergence.grid().at(row, p), within(1e-5));
                    assertThat(table.at(row, p).target().probability())
                            .isCloseTo(probability.grid().at(row, p), within(1e-5));
                    assertThat(table.at(row, p).likeliest().get(0).probability())
                            .isCloseTo(likeliest.grid().at(row, p), within(1e-5));
                }
            }
        }
    }
}
