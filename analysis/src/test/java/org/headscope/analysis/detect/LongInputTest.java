package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.reading.AttentionPatterns;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.runtime.NativeMemory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How much memory long prompts take on top of the weights, in a process of its own, so that nothing else counts. All patterns
 * of a model of 12 layers and 12 heads would be 0.6 GB at 1024 tokens, those of a single layer 0.8 GB at 4096.
 */
@Tag("engine")
class LongInputTest {
    private static final double GB = 1e9;

    @ParameterizedTest
    @CsvSource({"retrieval, 1.5", "view, 1.2", "all, 0.75"})
    void longPromptsTakeLittleMemoryAboveTheWeights(String what, double most, @TempDir Path scratch)
            throws IOException, InterruptedException {
        peaksBelow(what, most, scratch);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"detectors, 1.2", "sinks, 1.2"})
    void detectorsTakeLittleMemoryAboveTheWeights(String what, double most, @TempDir Path scratch)
            throws IOException, InterruptedException {
        peaksBelow(what, most, scratch);
    }

    private static void peaksBelow(String what, double most, Path scratch) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-cp",
                System.getProperty("java.class.path"),
                LongInputTest.class.getName(),
                what);
        Path output = scratch.resolve("child.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("ended in time").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output, StandardCharsets.UTF_8);
        String last = said.lines().reduce((a, b) -> b).orElse("");
        assertThat(last).as(said).startsWith("peak ");
        assertThat(Double.parseDouble(last.split(" ", -1)[1])).as(said).isBetween(0.02, most);
    }

    /** The child: the weights, then one analysis, and how far memory rose. */
    public static void main(String... what) {
        boolean view = what[0].equals("view");
        // A single layer shows it at 4096 tokens as well as twelve would, and takes seconds.
        Dims dims =
                view ? new Dims(2, 12, 12, 768, 64, 3072, 4096, 1000) : new Dims(12, 12, 12, 768, 64, 3072, 1024, 1000);
        try (HookedTransformer model = RandomModel.of(RandomModel.gpt2(dims), 1)) {
            long weights = NativeMemory.residentBytes().orElseThrow();
            if (!NativeMemory.resetPeak()) {
                throw new IllegalStateException("the system does not let the peak be reset");
            }
            long start = System.nanoTime();
            switch (what[0]) {
                case "retrieval" -> run(model, new RetrievalHeads(), needle());
                case "detectors" -> run(model, new HeadDetectors(), Map.of("length", "500", "sequences", "1"));
                case "sinks" ->
                    run(model, new AttentionSinks(), Map.of("length", "1024", "sequences", "1", "bos", "no"));
                case "view" ->
                    run(
                            model,
                            new AttentionPatterns(),
                            Map.of("prompt", ids(4096, 2), "layer", "1", "head", "3", "cells", "512"));
                case "all" ->
                    run(model, new AttentionPatterns(), Map.of("prompt", ids(1024, 2), "layer", "-1", "cells", "128"));
                default -> throw new IllegalArgumentException(what[0]);
            }
            double rise = (NativeMemory.peakResidentBytes().orElseThrow() - weights) / GB;
            System.out.println((System.nanoTime() - start) / 1e9 + " seconds");
            System.out.println("peak " + rise);
        }
    }

    private static Map<String, String> needle() {
        return Map.of(
                "haystack",
                ids(1015, 3),
                "needle",
                "ids:11,12,13",
                "answer",
                "ids:12,13",
                "question",
                "ids:11",
                "lengths",
                "1019",
                "depths",
                "1");
    }

    private static String ids(int count, int seed) {
        return "ids:"
                + new Random(seed)
                        .ints(count, 20, 1000)
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(","));
    }

    private static <P extends Record> void run(
            HookedTransformer model, Analysis<P, ?> analysis, Map<String, String> given) {
        analysis.run(
                IdContexts.of(model), ParameterBinder.of(analysis.parameters()).bind(given), Progress.none());
    }
}
