package org.headscope.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Provenance;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.store.RunSpec;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.text.Markup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
    private static final ObjectNode NO_MASK = new JsonMapper().createObjectNode();
    private final Result result = SampleRun.result();

    @TempDir
    Path folder;

    private String page(List<String> notes) {
        Path file = folder.resolve("report.html");
        RunReport.of(result, AnalysisRegistry.load(), ModelCatalog.standard(), NO_MASK, notes)
                .write(file);
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyFieldOfTheOriginIsThere() {
        String page = page(List.of());

        assertThat(page)
                .contains("tiny &amp; small", "sha256:feed", "gpt-neo-x-like", "n_layers", ">17<") // model
                .contains("When &lt;/script&gt; &amp; so", ">answer<", "ids:2") // parameters
                .contains(">always<", ">zero<", ">folded<", ">float32<", ">11<", "9.8.7") // conditions
                .contains("2026-03-04T05:06:07Z", ">12.5<", "sweep", ">11.5<") // timing
                .contains("[500, 501, 502, 503, 504, 505, 506]", "BOS put in front") // prompt
                .contains("8.6 off", "blocks.8.attn.hook_z", "logit difference 3.55 -&gt; 2.71"); // receipts
    }

    @Test
    void methodAndCommandAreThoseOfTheAnalysis() {
        AnalysisInfo info = AnalysisRegistry.load().get("head-ablation").info();

        assertThat(page(List.of()))
                .contains(Markup.escape(info.measures()), Markup.escape(info.formula()), Markup.escape(info.source()))
                .contains(Markup.escape(info.exactnessNote()))
                .contains("headscope run head-ablation --model &#39;models/tiny &amp; small&#39;")
                .contains("--bos-policy ALWAYS --seed 11 --mask mask.json");
    }

    @Test
    void everyPanelHasItsPictureAndItsNumbers() {
        String page = page(List.of());

        for (var panel : result.panels()) {
            assertThat(page).contains("<h2>" + Markup.escape(panel.title()) + "</h2>");
        }
        assertThat(page.split("<svg ", -1)).hasSize(5 + 1); // a table is its own picture
        assertThat(page)
                .contains("<td class=\"n\">-2.0</td>", "head 3", "<td class=\"n\">123.0</td>")
                .contains("<td class=\"n\">0.14285715</td>") // attention to the first of seven
                .contains("<td>a1.h0</td>");
    }

    @Test
    void nothingOfTheModelBecomesMarkupAndNothingIsFetched() {
        String page = page(List.of("<img src=x onerror=alert(1)>"));

        assertThat(page).doesNotContain("<script", "</script", "<b>", "<i>", "<img", "\u0001");
        assertThat(page).contains("&lt;img src=x onerror=alert(1)&gt;", "日本", "مرحبا");
        assertThat(Pattern.compile("(?:src|href)=\"(?!data:)").matcher(page).find())
                .as("links out of the page")
                .isFalse();
        assertThat(page).doesNotContain("@import", "url(");
        assertThat(page).contains("prefers-color-scheme: dark", "@media print");
    }

    @Test
    void elementsAreClosedInTheirOrder() {
        var open = new ArrayDeque<String>();
        var tags = Pattern.compile("<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>").matcher(page(List.of("note")));
        while (tags.find()) {
            String name = tags.group(2);
            if (tags.group(1).equals("/")) {
                assertThat(open.pop()).isEqualTo(name);
            } else if (!tags.group(3).equals("/") && !name.equals("meta")) {
                open.push(name);
            }
        }
        assertThat(open).isEmpty();
    }

    @Test
    void longTablesAreCutAndSaidToBe() {
        Grid grid = Grid.of(List.of(Axis.layers(200), Axis.heads(200)), new double[40_000]);
        Result large = new Result(
                "Large",
                List.of(new HeadGrid("Heads", Quantity.unsigned("score", ""), grid)),
                List.of(),
                result.provenance());
        String page = RunReport.of(large, AnalysisRegistry.load(), ModelCatalog.standard(), NO_MASK, List.of())
                .html();

        assertThat(page).contains("Only the first 20000 cells");
        assertThat(page.length()).isLessThan(1_000_000);
    }

    @Test
    void analysisOfAnotherVersionIsReportedWithoutItsDescription() {
        Provenance p = result.provenance();
        Provenance other = new Provenance(
                "of-tomorrow",
                p.parameters(),
                p.model(),
                p.prompts(),
                p.numerics(),
                p.seed(),
                p.appVersion(),
                p.timing());
        String page = RunReport.of(
                        new Result("T", List.of(), List.of(), other),
                        AnalysisRegistry.load(),
                        ModelCatalog.standard(),
                        NO_MASK,
                        List.of())
                .html();

        assertThat(page).contains("“of-tomorrow” is not part of this version").doesNotContain("<pre>headscope");
    }

    @Test
    void storedRunBringsItsMaskAndItsNotes() {
        try (WorkspaceStore store = WorkspaceStore.open(folder.resolve("workspace.db"))) {
            var model = result.provenance().model();
            store.models().opened(model);
            ObjectNode mask = new JsonMapper().createObjectNode().put("format", "a-mask");
            long id = store.runs()
                    .queue(new RunSpec(
                            "head-ablation",
                            "Head ablation",
                            result.provenance().parameters(),
                            mask,
                            new RunSpec.ModelKey(model.path(), model.hash()),
                            "9.8.7",
                            11));
            store.runs().start(id);
            store.runs().finish(id, result);
            store.notes().add(OptionalLong.of(id), "head 5.5", "copies <b>names</b>");
            store.notes().add(OptionalLong.empty(), "", "about nothing");

            String page = StoredReport.of(store, AnalysisRegistry.load(), ModelCatalog.standard(), id)
                    .html();
            assertThat(page)
                    .contains("head 5.5: copies &lt;b&gt;names&lt;/b&gt;", "a-mask")
                    .doesNotContain("about nothing");
        }
    }
}
