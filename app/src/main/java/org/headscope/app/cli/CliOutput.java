package org.headscope.app.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How a subcommand speaks. Used as a {@code @Mixin}: it brings the option {@code --json}, prints a result for machines
 * or for people, and shows progress where someone is looking. Results go to standard output, all else to standard
 * error.
 */
public final class CliOutput {
    static final String JSON_OPTION = "--json";

    @Option(names = JSON_OPTION, description = "Print one JSON object instead of text.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Whether one JSON object was asked for. */
    public boolean isJson() {
        return json;
    }

    /**
     * Prints a result once.
     *
     * @param value what {@code --json} prints: a record, a map or a JSON tree
     * @param forPeople writes the same as text
     */
    public void print(Object value, Consumer<PrintWriter> forPeople) {
        PrintWriter out = line().getOut();
        if (json) {
            JsonPrinter.print(out, value);
        } else {
            forPeople.accept(out);
            out.flush();
        }
    }

    /**
     * Prints a result that is already written as JSON.
     *
     * @param jsonText what {@code --json} prints
     * @param forPeople writes the same as text
     */
    public void printText(String jsonText, Consumer<PrintWriter> forPeople) {
        PrintWriter out = line().getOut();
        if (json) {
            out.println(jsonText);
        } else {
            forPeople.accept(out);
        }
        out.flush();
    }

    /**
     * Tells people something beside the result, also with {@code --json}.
     *
     * @param message one line
     */
    public void note(String message) {
        line().getErr().println(message);
        line().getErr().flush();
    }

    /**
     * Starts a progress bar on standard error. It stays silent with {@code --json} and when no one watches the terminal.
     *
     * @param title what is going on, a few words
     */
    public ProgressBar progress(String title) {
        boolean watched = !json && System.console() != null;
        return new ProgressBar(line().getErr(), watched, title, System::nanoTime);
    }

    /**
     * Turns arguments that parse but make no sense together into exit code 2.
     *
     * @param message what is wrong with them and what would be right
     * @return an exception to throw
     */
    public ParameterException wrongUse(String message) {
        return new ParameterException(line(), message);
    }

    private CommandLine line() {
        return command.commandLine();
    }
}
