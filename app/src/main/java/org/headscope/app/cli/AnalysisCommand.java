package org.headscope.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.ParameterSpec;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.export.PanelFolder;
import org.headscope.app.history.HistoryRecorder;
import org.headscope.app.history.Workspace;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.picture.PictureFormat;
import org.headscope.app.report.RunReport;
import org.headscope.hooks.HookedTransformer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * The command line of one analysis.
 *
 * @param <P> its parameter record
 * @param <F> what it finds
 */
@Command(mixinStandardHelpOptions = true, sortOptions = false)
final class AnalysisCommand<P extends Record, F extends Findings> implements Callable<Integer> {
    private final Analysis<P, F> analysis;
    private final ParameterBinder<P> binder;
    private final Map<String, String> given = new LinkedHashMap<>();

    @Mixin
    private ModelOptions options = new ModelOptions();

    @Mixin
    private CliOutput output = new CliOutput();

    @Option(names = "--out", paramLabel = "<file>", description = "Also write the whole result as JSON.")
    private @Nullable Path out;

    @Option(names = "--csv", paramLabel = "<folder>", description = "Also write every panel as CSV.")
    private @Nullable Path csv;

    @Option(
            names = "--tsv",
            paramLabel = "<folder>",
            description = "Also write every grid of heads as a bare matrix, a line per layer.")
    private @Nullable Path tsv;

    @Option(names = "--pictures", paramLabel = "<folder>", description = "Also draw every panel.")
    private @Nullable Path pictures;

    @Option(
            names = "--picture-format",
            paramLabel = "<format>",
            description = "How --pictures draws: ${COMPLETION-CANDIDATES}. Default: png.",
            defaultValue = "png")
    private PictureFormat pictureFormat = PictureFormat.PNG;

    @Option(names = "--report", paramLabel = "<file>", description = "Also write a page of HTML to read and send.")
    private @Nullable Path report;

    @Option(names = "--no-history", description = "Do not record this run.")
    private boolean noHistory;

    private AnalysisCommand(Analysis<P, F> analysis) {
        this.analysis = analysis;
        this.binder = ParameterBinder.of(analysis.parameters());
    }

    static CommandLine of(Analysis<?, ?> analysis) {
        return ofTyped(analysis);
    }

    private static <P extends Record, F extends Findings> CommandLine ofTyped(Analysis<P, F> analysis) {
        AnalysisCommand<P, F> command = new AnalysisCommand<>(analysis);
        CommandLine line = new CommandLine(command);
        CommandSpec spec = line.getCommandSpec();
        AnalysisInfo info = analysis.info();
        spec.usageMessage()
                .description(escaped(info.measures()))
                .footer(
                        "",
                        "Formula: " + escaped(info.formula()),
                        "Source: " + escaped(info.source()),
                        "Exactness: " + info.exactness() + ". " + escaped(info.exactnessNote()),
                        "Values: "
                                + (info.approximates().isBlank()
                                        ? "as the formula says."
                                        : "an estimate of " + escaped(info.approximates()) + "."),
                        "Cost: " + escaped(info.cost()));
        command.binder.specs().forEach(parameter -> spec.addOption(command.option(parameter)));
        return line;
    }

    private OptionSpec option(ParameterSpec parameter) {
        String fallback = parameter.defaultText() == null ? "" : " Default: " + parameter.defaultText() + ".";
        String choices = parameter.choices().isEmpty() ? "" : " One of " + String.join(", ", parameter.choices()) + ".";
        return OptionSpec.builder("--" + parameter.flag())
                .type(String.class)
                .paramLabel("<" + parameter.type().name().toLowerCase(Locale.ROOT) + ">")
                .required(parameter.required())
                .description(escaped(parameter.help() + choices + fallback))
                .setter(new CommandLine.Model.ISetter() {
                    @Override
                    @SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked", "NullAway"})
                    public <T> T set(T value) {
                        if (value != null) {
                            given.put(parameter.flag(), (String) value);
                        }
                        return null;
                    }
                })
                .build();
    }

    @Override
    public Integer call() {
        P parameters;
        try {
            parameters = binder.bind(given);
        } catch (ParameterException e) {
            throw output.wrongUse(String.valueOf(e.getMessage()));
        }
        try (HookedTransformer model = options.load()) {
            Session session = options.session(model, output);
            Result result = run(session, parameters);
            write(result, session);
            output.printText(ResultJson.write(result), text -> PanelText.print(result, text));
        }
        return CommandLine.ExitCode.OK;
    }

    private void write(Result result, Session session) {
        if (out != null) {
            ResultJson.write(result, out);
        }
        if (csv != null) {
            PanelFolder.csv(result, csv);
        }
        if (tsv != null) {
            TsvFolder.write(result, tsv);
        }
        if (pictures != null) {
            PanelFolder.pictures(result, pictures, pictureFormat);
        }
        if (report != null) {
            ObjectNode mask = session.mask().json();
            RunReport.of(result, AnalysisRegistry.load(), ModelCatalog.standard(), mask, List.of())
                    .write(report);
        }
    }

    private Result run(Session session, P parameters) {
        try (CliProgress progress =
                new CliProgress(output.progress(analysis.info().name()))) {
            if (noHistory) {
                return HistoryRecorder.off().run(session, analysis, parameters, progress);
            }
            try (WorkspaceStore store = Workspace.open()) {
                return HistoryRecorder.into(store).run(session, analysis, parameters, progress);
            }
        }
    }

    /** picocli reads percent signs and at-signs in descriptions as its own. */
    private static String escaped(String text) {
        return text.replace("%", "%%").replace("@|", "@ |");
    }
}
