package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headscope mask}: make, try and export head masks. */
@AutoService(CliCommand.class)
@Command(
        name = "mask",
        description = "Make, try and export head masks.",
        subcommands = {MaskExportCommand.class, MaskApplyCommand.class, MaskBakeCommand.class})
public final class MaskCommand implements CliCommand {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }
}
