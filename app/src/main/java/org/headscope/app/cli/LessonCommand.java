package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headscope lesson}: list and try out lessons. */
@AutoService(CliCommand.class)
@Command(
        name = "lesson",
        description = "List the lessons of the window, or try one out before others do.",
        subcommands = {LessonListCommand.class, LessonCheckCommand.class})
public final class LessonCommand implements CliCommand {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }
}
