package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisRegistry;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headscope run <analysis>}: every analysis is a subcommand made from its own declaration. */
@AutoService(CliCommand.class)
@Command(
        name = "run",
        description = "Run an analysis; `headscope run` lists them, `headscope run <id> --help` explains one.")
public final class RunCommand implements CliCommand {
    @Spec
    private CommandSpec spec;

    @Override
    public void prepare(CommandLine line) {
        for (Analysis<?, ?> analysis : AnalysisRegistry.load().all()) {
            line.addSubcommand(analysis.info().id(), AnalysisCommand.of(analysis));
        }
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }
}
