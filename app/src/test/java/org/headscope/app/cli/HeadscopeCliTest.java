package org.headscope.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.headscope.app.BuildInfo;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class HeadscopeCliTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void versionComesFromTheBuild() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("headscope " + BuildInfo.load().version());
    }

    @Test
    void helpNamesTheExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Exit codes", "wrong use");
    }

    @Test
    void anUnknownCommandIsWrongUse() {
        assertThat(run("prune-everything")).isEqualTo(2);
        assertThat(err.toString()).contains("prune-everything", "headscope --help");
    }

    @Test
    void aMisspeltCommandIsGuessed() {
        run("probee");
        assertThat(err.toString()).contains("Did you mean", "probe");
    }

    @Test
    void optionsWithoutACommandAreWrongUse() {
        assertThat(run("--verbose")).isEqualTo(2);
    }

    @Test
    void everySubcommandHasHelp() {
        assertThat(run("probe", "--help")).isZero();
        assertThat(out.toString()).contains("Usage: headscope probe", "--json");
    }

    @Test
    void peopleGetText() {
        assertThat(run("probe")).isZero();
        assertThat(out).hasToString("scores: 2" + System.lineSeparator());
    }

    @Test
    void machinesGetOneObjectOnOneLine() {
        assertThat(run("probe", "--json")).isZero();
        assertThat(out).hasToString("{\"model\":\"a b/c\",\"scores\":[1.5,\"NaN\"]}" + System.lineSeparator());
    }

    @Test
    void aTypedErrorIsItsMessageAndNoStackTrace() {
        assertThat(run("probe", "--fail", "typed")).isEqualTo(1);
        assertThat(err).hasToString("headscope: No tensor wte.weight. Check the file." + System.lineSeparator());
    }

    @Test
    void aTypedErrorReachesMachinesAsOneObject() {
        run("probe", "--json", "--fail", "typed");
        assertThat(out.toString().strip())
                .isEqualTo("{\"error\":{\"message\":\"No tensor wte.weight. Check the file.\","
                        + "\"type\":\"HeadscopeException\"}}");
    }

    @Test
    void anUnexpectedErrorPointsToVerbose() {
        assertThat(run("probe", "--fail", "bug")).isEqualTo(1);
        assertThat(err.toString())
                .contains("IllegalStateException: oops", "--verbose")
                .doesNotContain("\tat ");
    }

    @Test
    void verboseShowsTheStackTrace() {
        run("probe", "--fail", "bug", "--verbose");
        assertThat(err.toString()).contains("\tat org.headscope.app.cli.HeadscopeCliTest");
    }

    @Test
    void argumentsThatMakeNoSenseTogetherAreWrongUse() {
        assertThat(run("probe", "--fail", "use")).isEqualTo(2);
        assertThat(err.toString()).contains("Give a prompt or --ids", "headscope probe --help");
    }

    @Test
    void everyShippedCommandHasANameOfItsOwnAndADescription() {
        List<CommandLine.Model.CommandSpec> commands = ServiceLoader.load(CliCommand.class).stream()
                .map(provider -> CommandLine.Model.CommandSpec.forAnnotatedObject(provider.get()))
                .toList();
        assertThat(commands)
                .allSatisfy(command ->
                        assertThat(command.usageMessage().description()).isNotEmpty());
        assertThat(commands).extracting(CommandLine.Model.CommandSpec::name).doesNotHaveDuplicates();
    }

    private int run(String... args) {
        return HeadscopeCli.create(List.of(new Probe()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    @Command(name = "probe", description = "Stands for any subcommand.")
    static final class Probe implements CliCommand {
        @Mixin
        private CliOutput output;

        @Option(names = "--fail")
        private @Nullable String fail;

        @Override
        public Integer call() {
            if (fail != null) {
                throw switch (fail) {
                    case "typed" -> new HeadscopeException("No tensor wte.weight. Check the file.");
                    case "use" -> output.wrongUse("Give a prompt or --ids, not both.");
                    default -> new IllegalStateException("oops");
                };
            }
            output.print(
                    Map.of("scores", new double[] {1.5, Double.NaN}, "model", Path.of("a b/c")),
                    text -> text.println("scores: 2"));
            return 0;
        }
    }
}
