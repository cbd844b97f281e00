package org.headscope.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.run.RunRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Direct logit attribution at the size of GPT-2 small: it must not cost much more than the forward pass it needs. */
@Tag("engine")
@Tag("slow")
class DirectAttributionCostTest {
    private static final Logger LOG = LoggerFactory.getLogger(DirectAttributionCostTest.class);
    private static final int ROUNDS = 5;

    @ParameterizedTest
    @ValueSource(ints = {15, 128})
    void costsAtMostOneForwardAndAThird(int length) {
        Dims dims = new Dims(12, 12, 12, 768, 64, 3072, 1024, 50257);
        int[] ids = IntStream.range(0, length).map(i -> 7 * i % 50257).toArray();
        try (HookedTransformer model = RandomModel.of(RandomModel.gpt2(dims), 1)) {
            for (boolean sources : new boolean[] {false, true}) {
                for (boolean foil : new boolean[] {true, false}) {
                    var parameters = new DirectLogitAttribution.Parameters(
                            prompt(ids), prompt(11), foil ? prompt(12) : null, List.of(-1), sources);
                    double[] forward = new double[ROUNDS];
                    double[] whole = new double[ROUNDS];
                    for (int i = -1; i < ROUNDS; i++) {
                        double plain = seconds(() -> model.run(RunRequest.of(TokenBatch.of(ids))
                                        .lastLogits()
                                        .build())
                                .close());
                        double all = seconds(() ->
                                new DirectLogitAttribution().run(IdContexts.of(model), parameters, Progress.none()));
                        if (i >= 0) {
                            forward[i] = plain;
                            whole[i] = all;
                        }
                    }
                    double ratio = median(whole) / median(forward);
                    LOG.info(
                            "{} tokens, sources {}, foil {}: {} forwards of {} s",
                            length,
                            sources,
                            foil,
                            ratio,
                            median(forward));
                    assertThat(ratio)
                            .as("%d tokens, sources %s, foil %s", length, sources, foil)
                            .isLessThan(1.3);
                }
            }
        }
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
