package org.headscope.app.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.headscope.hooks.HeadscopeException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Says what went wrong: one line on standard error for people, the same as the one JSON object on standard output when
 * {@code --json} was given. Stack traces are shown on request only.
 */
final class CliFailures implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
    private final BooleanSupplier verbose;

    CliFailures(BooleanSupplier verbose) {
        this.verbose = verbose;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        String message = failure instanceof HeadscopeException && failure.getMessage() != null
                ? failure.getMessage()
                : "unexpected " + failure + "; run again with --verbose for details";
        report(failure, message, line, parsed.originalArgs());
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine line = failure.getCommandLine();
        report(failure, String.valueOf(failure.getMessage()), line, List.of(args));
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, line.getErr());
        line.getErr().printf("Try \"%s --help\".%n", line.getCommandSpec().qualifiedName());
        line.getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }

    private void report(Exception failure, String message, CommandLine line, List<String> args) {
        PrintWriter err = line.getErr();
        err.println(line.getColorScheme().errorText("headscope: " + message));
        if (verbose.getAsBoolean()) {
            failure.printStackTrace(err);
        }
        err.flush();
        if (args.contains(CliOutput.JSON_OPTION)) {
            Map<String, String> error = Map.of("type", failure.getClass().getSimpleName(), "message", message);
            JsonPrinter.print(line.getOut(), Map.of("error", error));
        }
    }
}
