package org.headscope.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.headscope.analysis.reading.LogitLens;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.export.DataFormat;
import org.headscope.app.export.Exhibit;
import org.headscope.app.picture.Sight;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class PanelActionsTest {
    @TempDir
    Path folder;

    private static AnalysisCall lens(TestBench table, OpenModel model) {
        return new AnalysisCall(
                model,
                RunSettings.unmasked(model, BosPolicy.AUTO),
                table.bench.services().analyses().get("logit-lens"),
                Map.of("prompt", "ids:0,1,2,3,4,1"));
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void whatIsOnlyShownIsRunAndKeptInTheHistory() throws InterruptedException {
        try (WorkspaceStore store = WorkspaceStore.open(folder.resolve("workspace.db"));
                TestBench table = new TestBench(Runnable::run, store);
                OpenModel model = new OpenModel(InductionModel.create())) {
            new PanelActions(table.bench.services()).keep(lens(table, model));
            while (!table.bench.services().jobs().active().isEmpty()) {
                Thread.sleep(10);
            }

            assertThat(table.failures).isEmpty();
            assertThat(store.runs().recent(10)).singleElement().satisfies(run -> {
                assertThat(run.spec().analysis()).isEqualTo("logit-lens");
                assertThat(run.hasResult()).isTrue();
            });
        }
    }

    @Test
    void whatIsTakenSaysWhereItComesFrom() {
        try (TestBench table = new TestBench(Runnable::run);
                OpenModel model = new OpenModel(InductionModel.create())) {
            Take take = Take.ofGrid(
                    "Rank",
                    lens(table, model),
                    result -> Sight.whole(result.panel(LogitLens.RANK).orElseThrow()));

            Exhibit exhibit = take.work().apply(Progress.none());

            assertThat(take.formats()).containsExactlyInAnyOrder(DataFormat.values());
            assertThat(((GridPanel) exhibit.panel()).grid().at(2, 5)).isEqualTo(1);
            assertThat(exhibit.origins())
                    .singleElement()
                    .satisfies(run -> assertThat(run.provenance().analysis()).isEqualTo("logit-lens"));
        }
    }
}
