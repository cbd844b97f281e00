package org.headscope.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.reading.Predictions;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.app.testing.FreshHome;
import org.headscope.hooks.checkpoint.SafetensorsFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that open a model, on the shipped induction model, whose answers are known by construction. */
@Tag("engine")
class ModelCommandsTest {
    private static final String REPEATED = "0,5,9,17,3,22,5,9,17,3";
    private static final String INDUCTION = "induction-2l";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @RegisterExtension
    final FreshHome home = new FreshHome();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return HeadscopeCli.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    private JsonNode json(String... args) throws IOException {
        String[] all = Stream.concat(Arrays.stream(args), Stream.of("--json")).toArray(String[]::new);
        assertThat(run(all)).as(err.toString()).isZero();
        return JSON.readTree(out.toString());
    }

    @Test
    void headDetectorsFindTheCircuitThatWasBuiltIn() throws IOException {
        JsonNode result = json("run", "head-detectors", "-m", INDUCTION);

        JsonNode panels = result.at("/result/panels");
        assertThat(values(panels, "Previous-token score").at("/0/1").asDouble()).isCloseTo(1, within(1e-5));
        assertThat(values(panels, "Induction score").at("/1/2").asDouble()).isCloseTo(1, within(1e-5));
        assertThat(values(panels, "Induction score").at("/0/1").asDouble()).isCloseTo(0, within(1e-5));
        assertThat(result.at("/model/hash").asText()).hasSize(64);
        assertThat(result.at("/analysis").asText()).isEqualTo("head-detectors");
    }

    /** As numpy.loadtxt reads it: a line per layer, nothing else. */
    @Test
    void gridsOfHeadsAreWrittenAsBareMatrices() throws IOException {
        Path matrices = folder.resolve("matrices");

        JsonNode result = json("run", "head-detectors", "-m", INDUCTION, "--tsv", matrices.toString());

        JsonNode expected = values(result.at("/result/panels"), "Induction score");
        List<String> lines = Files.readAllLines(matrices.resolve("induction_score.tsv"));
        assertThat(lines).hasSize(2).allMatch(line -> line.split("\t", -1).length == 4);
        assertThat(Double.parseDouble(lines.get(1).split("\t", -1)[2]))
                .isEqualTo(expected.at("/1/2").asDouble());
    }

    private static JsonNode values(JsonNode panels, String title) {
        for (JsonNode panel : panels) {
            if (panel.path("title").asText().equals(title)) {
                return panel.path("values");
            }
        }
        throw new AssertionError("no panel " + title + " in " + panels);
    }

    @Test
    void patchingTheInductionHeadRestoresTheWholeDifference() throws IOException {
        JsonNode result = json(
                "run",
                "activation-patch",
                "-m",
                INDUCTION,
                "--clean",
                "ids:" + REPEATED,
                "--corrupt",
                "ids:0,5,9,17,4,22,5,9,17,3",
                "--answer",
                "ids:22",
                "--foil",
                "ids:1",
                "--site",
                "head-z");

        JsonNode effect = values(result.at("/result/panels"), "Patch effect");
        assertThat(effect.at("/1/2").asDouble()).isCloseTo(1, within(1e-5));
        assertThat(effect.at("/0/1").asDouble()).isCloseTo(1, within(1e-5));
        assertThat(effect.at("/1/1").asDouble()).isCloseTo(0, within(1e-5));
    }

    @Test
    void maskingTheInductionHeadTakesTheAnswerAway() throws IOException {
        JsonNode applied = json("mask", "apply", "-m", INDUCTION, "--ids", REPEATED, "--heads", "1.2");

        assertThat(applied.at("/before/0/id").asInt()).isEqualTo(22);
        assertThat(applied.at("/before/0/probability").asDouble()).isGreaterThan(0.9);
        assertThat(applied.at("/divergence").asDouble()).isGreaterThan(1);
        assertThat(applied.at("/receipts/0/fired").asInt()).isEqualTo(1);
        assertThat(applied.at("/receipts/0/change").asDouble()).isCloseTo(1, within(1e-4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mask.json", "mask.npy", "mask.pruned.json"})
    void masksComeBackFromEveryFormat(String name) throws IOException {
        String file = folder.resolve(name).toString();
        assertThat(run("mask", "export", "-m", INDUCTION, "--heads", "1.2,0.3", "--out", file))
                .isZero();

        JsonNode applied = json("mask", "apply", "-m", INDUCTION, "--ids", REPEATED, "--from", file);

        assertThat(applied.path("receipts")).hasSize(2);
        assertThat(applied.at("/divergence").asDouble()).isGreaterThan(1);
    }

    @Test
    void meansAreTakenOverThePromptThatIsNamed() throws IOException {
        String file = folder.resolve("mean.json").toString();
        assertThat(run("mask", "export", "-m", INDUCTION, "--heads", "1.2", "--mode", "MEAN", "--out", file))
                .isZero();
        String[] predictions = {"run", "predictions", "-m", INDUCTION, "--prompt", "ids:" + REPEATED, "--mask", file};
        assertThat(run(predictions)).isOne();
        assertThat(err.toString()).contains("1.2", "--mean-over");

        assertThat(run(Stream.concat(Stream.of(predictions), Stream.of("--mean-over", "ids:1,x"))
                        .toArray(String[]::new)))
                .isOne();
        assertThat(err.toString()).contains("\"ids:1,x\" is not written so");

        JsonNode own = json("mask", "apply", "-m", INDUCTION, "--ids", REPEATED, "--from", file);
        JsonNode other =
                json("mask", "apply", "-m", INDUCTION, "--ids", REPEATED, "--from", file, "--mean-over", "ids:5,6");
        assertThat(other.at("/after/0/probability").asDouble())
                .isNotCloseTo(own.at("/after/0/probability").asDouble(), within(1e-4));
        String told = folder.resolve("told.json").toString();
        String[] export = {"mask", "export", "-m", INDUCTION, "--from", file, "--mean-over", "ids:5,6", "--out", told};
        assertThat(run(export)).isZero();
        assertThat(json("mask", "apply", "-m", INDUCTION, "--ids", REPEATED, "--from", told))
                .isEqualTo(other);
        Path saved = folder.resolve("result.json");
        for (JsonNode applied : List.of(own, other)) {
            String over = applied == own ? "ids:" + REPEATED : "ids:5,6";
            assertThat(run(Stream.concat(
                                    Stream.of(predictions), Stream.of("--mean-over", over, "--out", saved.toString()))
                            .toArray(String[]::new)))
                    .isZero();
            Result result = ResultJson.read(saved);
            assertThat(result.provenance().numerics().maskMode()).isEqualTo("mean, mean over " + over);
            assertThat(((Table) result.panel(Predictions.TOP).orElseThrow()).rows())
                    .filteredOn(row -> row.get(0).equals(9L) && row.get(2).equals(1L))
                    .singleElement()
                    .satisfies(row -> assertThat((Double) row.get(5))
                            .isCloseTo(applied.at("/after/0/probability").asDouble(), within(1e-6)));
        }
    }

    @Test
    void capturedActivationsAreInTheFileWithWhatIsNeededToReadThem() {
        Path file = folder.resolve("acts.safetensors");
        int code = run(
                "capture",
                "-m",
                INDUCTION,
                "--ids",
                REPEATED,
                "--sites",
                "blocks.1.attn.hook_z,blocks.0.hook_resid_pre",
                "--out",
                file.toString());

        assertThat(code).as(err.toString()).isZero();
        try (SafetensorsFile written = SafetensorsFile.open(file)) {
            assertThat(written.names()).containsExactlyInAnyOrder("blocks.1.attn.hook_z", "blocks.0.hook_resid_pre");
            assertThat(written.metadata()).containsEntry("token_ids", "[" + REPEATED + "]");
            assertThat(written.metadata()).containsKeys("model_hash", "numerics", "bos_policy", "mask");
        }
    }

    @Test
    void aRunIsInTheHistoryAndCanBeRepeated() throws IOException {
        JsonNode first = json("run", "head-detectors", "-m", INDUCTION);
        JsonNode list = json("history");

        JsonNode again = json("history", "repeat", list.at("/0/id").asText());

        assertThat(list.at("/0/analysis").asText()).isEqualTo("head-detectors");
        assertThat(again.path("result")).isEqualTo(first.path("result"));
    }

    @Test
    void inspectListsEverySiteWithItsShape() throws IOException {
        JsonNode report = json("inspect", "-m", INDUCTION, "--sites");

        assertThat(report.path("sites").findValuesAsText("name")).contains("blocks.1.attn.hook_z");
        assertThat(report.at("/model/config/n_heads").asInt()).isEqualTo(4);
    }

    @Test
    void theDemoNamesTheHeadsThatAreNeeded() throws IOException {
        JsonNode demo = json("demo");

        double expected = demo.at("/expected/probability").asDouble();
        for (JsonNode step : demo.path("heads")) {
            boolean needed = step.path("head").asText().matches("0\\.1|1\\.2");
            assertThat(step.path("probability").asDouble() < expected / 2)
                    .as(step.toString())
                    .isEqualTo(needed);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatAndWhere() {
        assertThat(run("mask", "apply", "-m", INDUCTION, "--ids", "0,5,99", "--heads", "1.2"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("99").contains("position 2");

        assertThat(run("mask", "apply", "-m", INDUCTION, "--ids", REPEATED, "--heads", "1.9"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("1.9");

        assertThat(run(
                        "capture",
                        "-m",
                        INDUCTION,
                        "--ids",
                        REPEATED,
                        "--sites",
                        "blocks.0.mlp.hook_post",
                        "--out",
                        folder.resolve("x.safetensors").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("blocks.0.mlp.hook_post").contains("attn.hook_z");
        assertThat(folder.resolve("x.safetensors")).doesNotExist();

        assertThat(run("mask", "apply", "-m", INDUCTION, "--heads", "1.2")).isEqualTo(2);
        assertThat(run("inspect", "-m", folder.resolve("nothing").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("nothing").contains(INDUCTION);
    }

    @Test
    void aTruncatedCheckpointIsRefusedByName() throws IOException {
        Path shipped = Path.of(System.getProperty("headscope.assets"), "models", INDUCTION);
        Path broken = Files.createDirectory(folder.resolve("broken"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(shipped.resolve(name), broken.resolve(name));
        }
        byte[] bytes = Files.readAllBytes(broken.resolve("model.safetensors"));
        Files.write(broken.resolve("model.safetensors"), Arrays.copyOf(bytes, bytes.length / 2));

        assertThat(run("inspect", "-m", broken.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("model.safetensors");
    }
}
