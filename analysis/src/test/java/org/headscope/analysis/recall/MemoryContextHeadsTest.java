package org.headscope.analysis.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.patching.PathPatching.Mlps;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.StandIn;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class MemoryContextHeadsTest {
    private static final Path FOLDER = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");

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
    void everyQuestionKnowsBothAnswersAndItsEmptyPromptHoldsNeitherSubjectNorClaim() {
        List<Conflict> drawn = Conflict.draw(PathOracle.context(model, 5), Split.TRAIN, 40, 5, Progress.none());

        assertThat(drawn).hasSizeGreaterThan(30);
        assertThat(drawn).anyMatch(Conflict::asksText).anyMatch(one -> !one.asksText());
        for (Conflict one : drawn) {
            int[] clean = one.example().clean();
            long changed = IntStream.range(0, clean.length)
                    .filter(p -> clean[p] != one.empty()[p])
                    .count();
            assertThat(one.empty()).hasSameSizeAs(clean).doesNotContain(one.told(), one.memory());
            assertThat(clean).contains(one.told());
            // The subject twice and the claim once.
            assertThat(changed).isEqualTo(3);
            assertThat(one.example().answers()[0]).isEqualTo(one.asksText() ? one.told() : one.memory());
        }
    }

    @Test
    void effectsAreLossesOfWholeRunsWithFrozenHeads() {
        var parameters = new MemoryContextHeads.Parameters(3, 3, 4, List.of(1), Mlps.RECOMPUTED, 1);
        Findings found = new MemoryContextHeads().run(PathOracle.context(model, 2), parameters, Progress.none());
        List<Conflict> drawn = Conflict.draw(PathOracle.context(model, 2), Split.TRAIN, 6, 2, Progress.none());
        List<Conflict> scored = drawn.subList(0, drawn.size() / 2);
        PathOracle oracle = new PathOracle(model);

        for (int[] head : new int[][] {{0, 2}, {3, 6}, {5, 3}}) {
            double memory = 0;
            double told = 0;
            for (Conflict one : scored) {
                int[] clean = one.example().clean();
                List<int[]> empty = List.of(one.empty());
                memory += (oracle.metric(clean, one.memory())
                                - oracle.withHead(clean, empty, head[0], head[1], one.memory()))
                        / scored.size();
                told += (oracle.metric(clean, one.told()) - oracle.withHead(clean, empty, head[0], head[1], one.told()))
                        / scored.size();
            }
            assertThat(grid(found, MemoryContextHeads.MEMORY).at(head)).isCloseTo(memory, within(2e-3));
            assertThat(grid(found, MemoryContextHeads.TOLD).at(head)).isCloseTo(told, within(2e-3));
            assertThat(grid(found, MemoryContextHeads.IMPORTANCE).at(head)).isCloseTo(told - memory, within(4e-3));
        }
    }

    @Test
    void ratesCountWhatTheModelSays() {
        List<Conflict> asked = Conflict.draw(PathOracle.context(model, 7), Split.HELD_OUT, 40, 7, Progress.none());
        ConflictRates.Said said =
                ConflictRates.ask(PathOracle.context(model, 7), asked, List.of(), new ReceiptSums(), Progress.none());

        // Only questions that are answered rightly are drawn, so each says what it is asked for.
        assertThat(said.of(Conflict::asksText).fromText()).isEqualTo(1);
        assertThat(said.of(one -> !one.asksText()).fromMemory()).isEqualTo(1);
        ConflictRates all = said.all();
        assertThat(all.memory() + all.told()).isEqualTo(all.total()).isEqualTo(asked.size());
        assertThat(new ConflictRates(3, 4, 10).otherwise()).isCloseTo(0.3, within(1e-12));
    }

    @Test
    void prunedHeadsMoveTheAnswersOfTheShippedModelToTheirSide() {
        var parameters = new MemoryContextHeads.Parameters(20, 20, 40, List.of(1, 2, 4), Mlps.RECOMPUTED, 3);
        Findings found = new MemoryContextHeads().run(PathOracle.context(model, 0), parameters, Progress.none());
        List<List<Object>> rates = table(found, MemoryContextHeads.RATES).rows();
        double full = (double) rates.get(0).get(3);
        double noTextHeads = (double) rates.get(3).get(3);

        assertThat(rates).extracting(row -> row.get(0)).contains("nothing", "text heads", "memory heads");
        assertThat(full).isBetween(0.3, 0.7);
        assertThat(noTextHeads).isGreaterThanOrEqualTo(full);
        assertThat(table(found, MemoryContextHeads.HEADS).rows()).hasSize(48);
        assertThat(found.receipts()).isNotEmpty();
    }

    @Test
    void whatMakesNoSenseIsRefused(@TempDir Path folder) {
        var parameters = new MemoryContextHeads.Parameters(4, 4, 4, List.of(25), Mlps.RECOMPUTED, 1);
        assertThatThrownBy(
                        () -> new MemoryContextHeads().run(PathOracle.context(model, 0), parameters, Progress.none()))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("up to 24");
        try (HookedTransformer ignorant = ModelLoader.load(StandIn.random(folder))) {
            assertThatThrownBy(
                            () -> Conflict.draw(PathOracle.context(ignorant, 0), Split.TRAIN, 20, 0, Progress.none()))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("no conflict");
        }
    }

    @Test
    void nativeMemoryIsGivenBack() {
        var parameters = new MemoryContextHeads.Parameters(3, 3, 3, List.of(1), Mlps.FROZEN, 1);
        new MemoryContextHeads().run(PathOracle.context(model, 1), parameters, Progress.none());
        int before = model.ownedResources();

        new MemoryContextHeads().run(PathOracle.context(model, 1), parameters, Progress.none());

        assertThat(model.ownedResources()).isEqualTo(before);
    }

    private static Grid grid(Findings found, String title) {
        return ((GridPanel) panel(found, title)).grid();
    }

    private static Table table(Findings found, String title) {
        return (Table) panel(found, title);
    }

    private static Panel panel(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
