package org.headscope.app.cli;

import java.io.PrintWriter;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.headscope.app.BuildInfo;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command line. Its subcommands are the {@link CliCommand}s on the class path. */
@Command(
        name = "headscope",
        mixinStandardHelpOptions = true,
        versionProvider = HeadscopeCli.Version.class,
        description = "Opens a transformer, shows what its attention heads, MLPs and layers do, switches them off and"
                + " keeps the result. Without arguments the window opens.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong use"})
public final class HeadscopeCli implements Callable<Integer> {
    /** Read by {@code logback.xml}; has to be set before the first logger is made. */
    private static final String LOG_LEVEL = "headscope.log.level";

    @Spec
    private CommandSpec spec;

    private boolean verbose;

    private HeadscopeCli() {}

    /**
     * Runs one command line against the standard streams.
     *
     * @param args the arguments after {@code headscope}
     * @return the exit code: 0 done, 1 failed, 2 wrong use
     */
    public static int run(String... args) {
        return create().execute(args);
    }

    /**
     * Runs one command line with its output caught, for tests and for the window.
     *
     * @param out receives what goes to standard output
     * @param err receives messages and progress
     * @param args the arguments after {@code headscope}
     * @return the exit code: 0 done, 1 failed, 2 wrong use
     */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return create().setOut(out).setErr(err).execute(args);
    }

    static CommandLine create() {
        return create(ServiceLoader.load(CliCommand.class));
    }

    static CommandLine create(Iterable<CliCommand> commands) {
        HeadscopeCli root = new HeadscopeCli();
        CommandLine line = new CommandLine(root);
        for (CliCommand command : commands) {
            CommandLine sub = new CommandLine(command);
            sub.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
            command.prepare(sub);
            line.addSubcommand(sub);
        }
        CliFailures failures = new CliFailures(() -> root.verbose);
        return line.setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log what happens and show stack traces of failures.")
    void setVerbose(boolean on) {
        verbose = on;
        if (on) {
            System.setProperty(LOG_LEVEL, "DEBUG");
        }
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }

    /** Two lines: the version, and everything a bug report should name. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            BuildInfo build = BuildInfo.load();
            return new String[] {
                "headscope " + build.version(),
                "Java %s, DJL %s, PyTorch %s, JavaFX %s, %s %s"
                        .formatted(
                                System.getProperty("java.version"),
                                build.djl(),
                                build.pytorch(),
                                build.javafx(),
                                System.getProperty("os.name"),
                                System.getProperty("os.arch"))
            };
        }
    }
}
