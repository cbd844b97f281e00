package org.headscope.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code headscope run <id> --help} says what an analysis is, where it comes from and what it may be given. */
class RunHelpTest {
    static Stream<String> ids() {
        return AnalysisRegistry.load().all().stream()
                .map(analysis -> analysis.info().id());
    }

    @ParameterizedTest
    @MethodSource("ids")
    void helpTellsSourceFormulaExactnessAndEveryParameter(String id) {
        Analysis<?, ?> analysis = AnalysisRegistry.load().get(id);
        String help = help("run", id, "--help");

        AnalysisInfo info = analysis.info();
        assertThat(help)
                .contains(plain("Usage: headscope run " + id))
                .contains(plain(info.measures()))
                .contains(plain("Formula: " + info.formula()))
                .contains(plain("Source: " + info.source()))
                .contains(plain("Exactness: " + info.exactness() + ". " + info.exactnessNote()))
                .contains(plain("Cost: " + info.cost()));
        assertThat(help)
                .contains(info.approximates().isBlank() ? plain("as the formula says") : plain(info.approximates()));
        for (ParameterSpec parameter : ParameterBinder.of(analysis.parameters()).specs()) {
            assertThat(help).contains("--" + parameter.flag() + "=").contains(plain(parameter.help()));
            parameter.choices().forEach(word -> assertThat(help).contains(plain(word)));
        }
    }

    @Test
    void withoutAnIdEveryAnalysisIsListed() {
        StringWriter err = new StringWriter();

        int code = HeadscopeCli.run(new PrintWriter(new StringWriter()), new PrintWriter(err), "run");

        assertThat(code).isEqualTo(2);
        assertThat(List.of(err.toString().split("\\s+"))).containsAll(ids().toList());
    }

    private static String help(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(HeadscopeCli.run(new PrintWriter(out), new PrintWriter(err), args))
                .as("exit code; %s", err)
                .isZero();
        return plain(out.toString());
    }

    /** Without any blanks: lines of the terminal may break behind a hyphen or inside a formula. */
    private static String plain(String text) {
        return text.replaceAll("\\s+", "");
    }
}
