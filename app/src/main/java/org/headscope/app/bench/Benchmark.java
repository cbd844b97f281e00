package org.headscope.app.bench;

import java.util.function.Consumer;
import org.headscope.hooks.HookedTransformer;

/** Runs the benchmark. */
public final class Benchmark {
    private static final int SAMPLE = 18;

    private Benchmark() {}

    /**
     * Makes the model, measures, and frees it.
     *
     * @param full whether the plain loop runs every cell of the largest grid
     * @param progress is told what is being measured
     * @return the figures
     */
    public static BenchReport run(boolean full, Consumer<String> progress) {
        progress.accept("building a random model of GPT-2 small's shape");
        try (HookedTransformer model = SweepBenchmark.gpt2SmallShape()) {
            return new SweepBenchmark(model, full ? 1 : SAMPLE, progress).run();
        }
    }
}
