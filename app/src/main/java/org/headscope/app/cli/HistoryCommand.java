package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.store.StoredRun;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.history.Repeat;
import org.headscope.app.history.Workspace;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.report.StoredReport;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headscope history}: what was run before. */
@AutoService(CliCommand.class)
@Command(name = "history", description = "List, show, repeat, report or delete earlier runs.")
public final class HistoryCommand implements CliCommand {
    @Mixin
    private CliOutput output = new CliOutput();

    @Option(names = "--limit", defaultValue = "20", description = "How many runs to list. Default: 20.")
    private int limit;

    /** One line of the list. */
    record Line(long id, String when, String status, String analysis, String model, String parameters) {}

    @Override
    public Integer call() {
        try (WorkspaceStore store = Workspace.open()) {
            List<Line> lines = store.runs().recent(limit).stream()
                    .map(HistoryCommand::line)
                    .toList();
            output.print(lines, out -> {
                lines.forEach(l -> out.println(
                        "%5d  %s  %-11s  %-24s  %s".formatted(l.id, l.when, l.status, l.analysis, l.parameters)));
                if (lines.isEmpty()) {
                    out.println("Nothing was run yet. Try: headscope run");
                }
            });
        }
        return 0;
    }

    private static Line line(StoredRun run) {
        return new Line(
                run.id(),
                run.state().created().toString().substring(0, 19),
                run.state().status().name().toLowerCase(Locale.ROOT),
                run.spec().analysis(),
                run.spec().model().path(),
                run.spec().parameters().toString());
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show the result of a run.")
    int show(@Mixin CliOutput own, @Parameters(paramLabel = "<run>", description = "Its number.") long id) {
        try (WorkspaceStore store = Workspace.open()) {
            print(
                    own,
                    store.runs()
                            .result(id)
                            .orElseThrow(() -> new HeadscopeException(
                                    "Run " + id + " has no result. `headscope history` lists all.")));
        }
        return 0;
    }

    @Command(
            name = "repeat",
            mixinStandardHelpOptions = true,
            description = "Run it again, or go on where it was interrupted.")
    int repeat(@Mixin CliOutput own, @Parameters(paramLabel = "<run>", description = "Its number.") long id) {
        try (WorkspaceStore store = Workspace.open();
                CliProgress progress = new CliProgress(own.progress("run " + id))) {
            print(own, new Repeat(store).run(id, progress));
        }
        return 0;
    }

    @Command(
            name = "report",
            mixinStandardHelpOptions = true,
            description = "Write the result of a run as one page of HTML to read and send.")
    int report(
            @Parameters(paramLabel = "<run>", description = "Its number.") long id,
            @Option(names = "--out", paramLabel = "<file>", description = "Default: report-<run>.html.") @Nullable
                    Path out) {
        Path file = out == null ? Path.of("report-" + id + ".html") : out;
        try (WorkspaceStore store = Workspace.open()) {
            StoredReport.of(store, AnalysisRegistry.load(), ModelCatalog.standard(), id)
                    .write(file);
        }
        output.note("Report of run " + id + " written to " + file);
        return 0;
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a run; restore brings it back.")
    int delete(@Parameters(paramLabel = "<run>", description = "Its number.") long id) {
        try (WorkspaceStore store = Workspace.open()) {
            store.runs().delete(id);
            output.note("Run " + id + " is deleted. headscope history restore " + id + " brings it back.");
        }
        return 0;
    }

    @Command(name = "restore", mixinStandardHelpOptions = true, description = "Bring back a deleted run.")
    int restore(@Parameters(paramLabel = "<run>", description = "Its number.") long id) {
        try (WorkspaceStore store = Workspace.open()) {
            store.runs().restore(id);
        }
        return 0;
    }

    private static void print(CliOutput output, Result result) {
        output.printText(ResultJson.write(result), out -> PanelText.print(result, out));
    }
}
