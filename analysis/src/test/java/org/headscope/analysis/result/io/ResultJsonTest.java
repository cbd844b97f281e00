package org.headscope.analysis.result.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.SampleResults;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultJsonTest {
    private static final Quantity SCORE = Quantity.unsigned("score", "share");

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
    void whatIsWrittenReadsBackEqual(long seed) {
        Result result = SampleResults.random(seed);
        assertThat(ResultJson.read(ResultJson.write(result))).isEqualTo(result);
    }

    @Test
    void aFileReadsBackEqual(@TempDir Path folder) {
        Result result = SampleResults.random(99);
        Path file = folder.resolve("result.json");
        ResultJson.write(result, file);
        assertThat(ResultJson.read(file)).isEqualTo(result);
    }

    @Test
    void topLevelHasThePartsThatMachinesAreToldToExpect() throws IOException {
        JsonNode json = new ObjectMapper().readTree(ResultJson.write(SampleResults.random(1)));
        assertThat(json.get("analysis").asText()).isEqualTo("sample-analysis");
        assertThat(json.get("parameters").get("k").asInt()).isEqualTo(3);
        assertThat(json.get("model").get("hash").asText()).isEqualTo("sha256:abc");
        assertThat(json.get("tokens").get(0).get("ids")).hasSize(5);
        assertThat(json.get("receipts").get(0).get("fired").asInt()).isEqualTo(1);
        JsonNode panel = json.get("result").get("panels").get(0);
        assertThat(panel.get("shape").asText()).isEqualTo("HeadGrid");
        assertThat(panel.get("axes").get(1).get("name").asText()).isEqualTo("head");
    }

    @Test
    void valuesAreNestedByAxisWithNullForNaNAndWordsForInfinities() throws IOException {
        Grid grid = Grid.of(Axis.layers(2), Axis.heads(2), new double[][] {
            {1.5, Double.NaN}, {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}
        });
        JsonNode panel = new ObjectMapper().readTree(ResultJson.writePanel(new HeadGrid("z", SCORE, grid)));
        assertThat(panel.get("values").toString()).isEqualTo("[[1.5,null],[\"Infinity\",\"-Infinity\"]]");
    }

    @Test
    void aGridWithoutAnyCellSurvives() {
        Panel empty = new HeadGrid(
                "none", SCORE, Grid.builder(Axis.layers(0), Axis.heads(4)).snapshot());
        assertThat(ResultJson.readPanel(ResultJson.writePanel(empty))).isEqualTo(empty);
    }

    @Test
    void refusesValuesNestedOtherwiseThanTheAxesSay() {
        assertThatThrownBy(() -> ResultJson.readPanel(panel("[[1,2,3,4]]")))
                .isInstanceOf(ResultFormatException.class)
                .hasMessageContaining("nested as [1, 4] but the axes say [2, 2]");
    }

    @Test
    void refusesRaggedValues() {
        assertThatThrownBy(() -> ResultJson.readPanel(panel("[[1,2,3],[4]]")))
                .isInstanceOf(ResultFormatException.class)
                .hasMessageContaining("ragged");
    }

    @Test
    void refusesANumberAmongRows() {
        assertThatThrownBy(() -> ResultJson.readPanel(panel("[[1,2],3]")))
                .isInstanceOf(ResultFormatException.class)
                .hasMessageContaining("ragged");
    }

    @Test
    void refusesAWordAmongTheNumbers() {
        assertThatThrownBy(() -> ResultJson.readPanel(panel("[[1,2],[3,\"four\"]]")))
                .isInstanceOf(ResultFormatException.class)
                .hasMessageContaining("'four'");
    }

    @Test
    void namesAShapeItDoesNotKnow() {
        assertThatThrownBy(() -> ResultJson.readPanel("{\"shape\":\"Hologram\",\"title\":\"x\"}"))
                .isInstanceOf(ResultFormatException.class)
                .hasMessageContaining("'Hologram'");
    }

    @Test
    void namesThePartThatIsMissing() {
        assertThatThrownBy(() -> ResultJson.readPanel("{\"shape\":\"HeadGrid\",\"title\":\"x\"}"))
                .isInstanceOf(ResultFormatException.class)
                .hasMessageContaining("lacks 'quantity'");
    }

    @Test
    void refusesAFileOfANewerFormat() {
        String newer = ResultJson.write(SampleResults.random(1)).replace("\"version\":1,", "\"version\":2,");
        assertThatThrownBy(() -> ResultJson.read(newer))
                .isInstanceOf(ResultFormatException.class)
                .hasMessageContaining("format version 2");
    }

    @Test
    void refusesSomeOtherJson() {
        assertThatThrownBy(() -> ResultJson.read("{\"a\":1}"))
                .isInstanceOf(ResultFormatException.class)
                .hasMessageContaining("no Headscope result");
    }

    @Test
    void refusesWhatFollowsTheObject() {
        String json = ResultJson.write(SampleResults.random(1));
        assertThatThrownBy(() -> ResultJson.read(json + "{}")).isInstanceOf(ResultFormatException.class);
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> ResultJson.read(folder.resolve("absent.json")))
                .isInstanceOf(ResultFormatException.class)
                .hasMessageContaining("absent.json");
    }

    /** Cuts and flips a valid file at random places: it must read or be refused, never fail in another way. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void aDamagedFileIsRefusedWithATypedError(long seed, @TempDir Path folder) throws IOException {
        byte[] good = ResultJson.write(SampleResults.random(seed)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Random random = new Random(seed);
        Path file = folder.resolve("damaged.json");
        for (int i = 0; i < 200; i++) {
            byte[] bad =
                    java.util.Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            for (int k = 0; k < 3 && bad.length > 0; k++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bad);
            assertReadsOrRefuses(file);
        }
    }

    private static void assertReadsOrRefuses(Path file) {
        try {
            assertThat(ResultJson.read(file)).isNotNull();
        } catch (HeadscopeException expected) {
            assertThat(expected.getMessage()).contains(file.toString());
        }
    }

    private static String panel(String values) {
        return """
                {"shape":"HeadGrid","title":"x","quantity":{"name":"s","unit":"","zero_centred":true},
                 "axes":[{"name":"layer","size":2,"labels":[]},{"name":"head","size":2,"labels":[]}],"values":%s}"""
                .formatted(values);
    }
}
