package org.headscope.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.app.testing.FreshHome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Pictures and reports from the terminal, on the shipped induction model. */
@Tag("engine")
class ReportCommandsTest {
    private static final String INDUCTION = "induction-2l";

    @TempDir
    Path folder;

    @RegisterExtension
    final FreshHome home = new FreshHome();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return HeadscopeCli.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    private List<String> pictures() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("pictures"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void everyPanelOfARunIsDrawnAndTheReportSaysTheSameLaterFromTheHistory() throws IOException {
        Path json = folder.resolve("result.json");
        Path now = folder.resolve("now.html");
        Path later = folder.resolve("later.html");
        int code = run(
                "run",
                "head-detectors",
                "-m",
                INDUCTION,
                "--seed",
                "5",
                "--pictures",
                folder.resolve("pictures").toString(),
                "--picture-format",
                "svg",
                "--out",
                json.toString(),
                "--report",
                now.toString());

        assertThat(code).as(err.toString()).isZero();
        Result result = ResultJson.read(json);
        assertThat(pictures()).hasSameSizeAs(result.panels()).allMatch(name -> name.endsWith(".svg"));
        assertThat(Files.readString(
                        folder.resolve("pictures").resolve(pictures().get(0))))
                .contains(
                        result.panels().get(0).title(),
                        result.provenance().model().hash());
        assertThat(Files.readString(now))
                .contains(result.provenance().model().hash(), "headscope run head-detectors --model induction-2l")
                .contains("--seed 5");

        assertThat(run("history", "report", "1", "--out", later.toString())).isZero();
        assertThat(later).hasSameTextualContentAs(now);
    }

    @Test
    void runThatIsNotThereIsNamed() {
        assertThat(run("history", "report", "77")).isEqualTo(1);
        assertThat(err.toString()).contains("There is no run 77");
    }
}
