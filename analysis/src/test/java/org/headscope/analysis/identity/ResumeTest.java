package org.headscope.analysis.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.RandomFamily;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sweeps that were stopped in the middle, any number of times, end with the numbers of one that was not. */
@Tag("engine")
class ResumeTest {
    /** So many cells that they make several batches. */
    private static final Dims DIMS = new Dims(8, 8, 8, 24, 4, 32, 48, 37);

    private static final int LENGTH = 44;

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "activation-patch | site=head-z-by-pos;layers=5",
                "activation-patch | site=head-pattern-dest-src;layers=6;heads=3",
                "activation-patch | site=head-q",
                "activation-patch-every | sites=blocks;layers=2",
                "path-patch | receiver=k;heads=7.0",
                "direct-path | component=v;senders=0.0,0.1,4.2,5.5",
                "head-ablation | mode=uniform"
            })
    void aSweepThatIsStoppedAgainAndAgainEndsWithTheSameNumbers(String id, String given) {
        Analysis<?, ?> analysis = AnalysisRegistry.load().get(id);
        Map<String, String> texts = texts(id, given);
        try (HookedTransformer model = RandomFamily.LLAMA.create(DIMS, 8)) {
            Findings whole = run(analysis, model, texts, SweepJournal.none(), Progress.none());
            Memory journal = new Memory();
            int kept = 0;
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> run(analysis, model, texts, journal, new StopSoon(journal)))
                        .isInstanceOf(CancelledException.class);
                assertThat(journal.cells()).isGreaterThan(kept);
                kept = journal.cells();
            }

            Findings resumed = run(analysis, model, texts, journal, Progress.none());

            assertSame(resumed.panels(), whole.panels());
        }
    }

    /** Cells may travel in other company the second time, which is worth the last bits of single precision. */
    private static void assertSame(List<Panel> resumed, List<Panel> whole) {
        assertThat(resumed).hasSameSizeAs(whole);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(resumed.get(i).title()).isEqualTo(whole.get(i).title());
            if (whole.get(i) instanceof GridPanel expected) {
                GridPanel got = (GridPanel) resumed.get(i);
                assertThat(got.grid().axes()).isEqualTo(expected.grid().axes());
                assertThat(got.grid().toArray()).containsExactly(expected.grid().toArray(), within(1e-4));
            }
        }
    }

    private static Map<String, String> texts(String id, String given) {
        Map<String, String> texts = new HashMap<>();
        if (id.equals("head-ablation")) {
            texts.put("prompt", prompt(9));
        } else {
            texts.putAll(Map.of("clean", prompt(9), "corrupt", prompt(25), "answer", "ids:11", "foil", "ids:17"));
        }
        for (String one : given.split(";")) {
            texts.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        return texts;
    }

    /** A text with one word of choice. */
    private static String prompt(int word) {
        return IntStream.range(0, LENGTH)
                .map(p -> p == 2 ? word : 5 + p * 7 % 32)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(",", "ids:", ""));
    }

    private static <P extends Record, F extends Findings> Findings run(
            Analysis<P, F> analysis,
            HookedTransformer model,
            Map<String, String> texts,
            SweepJournal journal,
            Progress progress) {
        P parameters = ParameterBinder.of(analysis.parameters()).bind(texts);
        return analysis.run(IdContexts.of(model, List.of(), journal), parameters, progress);
    }

    /** Asks to stop as soon as some further cells are stored. */
    private static final class StopSoon implements Progress {
        private final Memory journal;
        private final int before;

        private StopSoon(Memory journal) {
            this.journal = journal;
            this.before = journal.cells();
        }

        @Override
        public void report(long done, long total, String message) {}

        @Override
        public boolean isCancelled() {
            return journal.cells() > before;
        }

        @Override
        public void partial(Panel panel) {}
    }

    /** A journal that remembers, sweep by sweep. */
    private static final class Memory implements SweepJournal {
        private final Map<String, List<Batch>> batches = new HashMap<>();

        @Override
        public List<Batch> stored(String sweep) {
            return List.copyOf(batches.getOrDefault(sweep, List.of()));
        }

        @Override
        public void store(String sweep, Batch batch) {
            batches.computeIfAbsent(sweep, name -> new ArrayList<>()).add(batch);
        }

        private int cells() {
            return batches.values().stream()
                    .flatMap(List::stream)
                    .mapToInt(batch -> batch.values().size())
                    .sum();
        }
    }
}
