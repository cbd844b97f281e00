package org.headscope.app.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.app.picture.GridSlice;
import org.headscope.app.picture.PictureFormat;
import org.headscope.app.picture.Samples;
import org.headscope.app.picture.Sight;
import org.headscope.app.report.SampleRun;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFormatTest {
    private final Result result = SampleRun.result();

    @TempDir
    Path folder;

    private Path save(Panel panel, String name) {
        Path file = folder.resolve(name);
        DataFormat.of(file).write(new Exhibit(Sight.whole(panel), List.of(result)), file);
        return file;
    }

    @Test
    void jsonReadsBackAsAResultOfThisPanelAlone() {
        for (Panel panel : result.panels()) {
            Result read = ResultJson.read(save(panel, "panel.json"));

            assertThat(ResultJson.write(read))
                    .isEqualTo(ResultJson.write(
                            new Result(result.title(), List.of(panel), result.receipts(), result.provenance())));
            assertThat(read.provenance()).isEqualTo(result.provenance());
        }
    }

    @Test
    void csvHasARowPerCellAndItsOriginBesideIt() throws IOException {
        Path file = save(Samples.heads(), "heads.csv");

        assertThat(Files.readAllLines(file))
                .containsExactly("layer,head,value", "0,0,-2.0", "0,1,0.0", "0,2,1.0", "1,0,NaN", "1,1,2.0", "1,2,0.5");
        Result origin = ResultJson.read(folder.resolve("heads.csv.provenance.json"));
        assertThat(origin.provenance()).isEqualTo(result.provenance());
        assertThat(origin.panels()).isEmpty();
    }

    @Test
    void safetensorsHoldsTheNumbersAndEveryFieldOfTheirOrigin() throws IOException {
        byte[] bytes = Files.readAllBytes(save(Samples.headPositions(), "grid.safetensors"));
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) file.getLong();
        JsonNode header = new JsonMapper().readTree(new String(bytes, 8, length, StandardCharsets.UTF_8));

        assertThat(header.at("/values/dtype").asText()).isEqualTo("F64");
        assertThat(header.at("/values/shape").toString()).isEqualTo("[2,3,4]");
        file.position(8 + length);
        for (int cell = 0; cell < 24; cell++) {
            assertThat(file.getDouble())
                    .isEqualTo(Samples.headPositions().grid().valueAt(cell));
        }
        JsonNode about = header.get("__metadata__");
        assertThat(about.get("model_hash").asText()).isEqualTo("sha256:feed");
        assertThat(about.get("mask").asText()).isEqualTo("zero");
        assertThat(about.get("bos_policy").asText()).isEqualTo("always");
        assertThat(about.get("seed").asText()).isEqualTo("11");
        assertThat(about.get("app_version").asText()).isEqualTo("9.8.7");
        assertThat(about.get("axes").asText()).contains("\"name\":\"layer\"", "\" b\"");
        assertThat(ResultJson.read(about.get("provenance").asText()).provenance())
                .isEqualTo(result.provenance());
    }

    @Test
    @Tag("engine")
    void otherReadersOpenTheSafetensors() throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                var in = Files.newInputStream(save(Samples.attention(List.of("a", "b")), "grid.safetensors"))) {
            NDArray values = NDList.decode(manager, in).get(0);

            assertThat(values.toDoubleArray()).containsExactly(1, 0, 0.5, 0.5);
        }
    }

    @Test
    void whatIsNoGridHasNoTensors() {
        assertThat(DataFormat.SAFETENSORS.takes(new Exhibit(Sight.whole(Samples.curve()), List.of(result))))
                .isFalse();
        assertThatThrownBy(() -> save(Samples.curve(), "curve.safetensors"))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(".csv or .json");
        assertThatThrownBy(() -> save(Samples.heads(), "heads.xlsx"))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(".csv, .json, .safetensors");
    }

    @Test
    void sliceInSightIsAMatrixWithItsLabels() {
        var panel = Samples.headPositions();
        Sight sight = Sight.cut(panel, GridSlice.of(panel).at(2, 3));

        assertThat(PlainTable.of(sight).tabbed())
                .isEqualTo("layer \\ position\ta\t·b\tc\n0\t3.0\t13.0\t23.0\n1\t103.0\t113.0\t123.0\n");
    }

    @Test
    void tableOfACurveHasItsBand() {
        assertThat(PlainTable.of(Sight.whole(Samples.curve())).tabbed())
                .startsWith("line\tk\tscore\tlower\tupper\nwith band\t0.0\t0.5\t0.25\t0.75\n")
                .contains("gap & more\t1.0\tNaN\tNaN\tNaN\n");
    }

    @Test
    void folderHoldsEveryPanelInOrder() {
        PanelFolder.pictures(result, folder, PictureFormat.SVG);
        PanelFolder.csv(result, folder);

        for (String name : List.of(
                "01-effect-b", "02-by-head-and-position", "03-attention", "04-rise", "05-numbers", "06-circuit")) {
            assertThat(folder.resolve(name + ".svg")).isNotEmptyFile();
            assertThat(folder.resolve(name + ".csv")).isNotEmptyFile();
        }
        assertThat(ResultJson.read(folder.resolve("result.json")).provenance()).isEqualTo(result.provenance());
    }
}
