package org.headscope.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.analysis.spi.Prompt;
import org.junit.jupiter.api.Assumptions;

/** Expected numbers of a tiny reference checkpoint, read without any code of the project. */
public record TinyReference(Path folder, JsonNode info) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The checkpoint of a family; the test is skipped when the reference is not on this machine. */
    public static TinyReference of(String family) {
        Path folder = Path.of(System.getProperty("headscope.reference", ""), "tiny", family);
        Assumptions.assumeTrue(
                Files.exists(folder.resolve("golden.json")), "reference data 'tiny/" + family + "' is absent");
        try {
            return new TinyReference(
                    folder, JSON.readTree(folder.resolve("golden.json").toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public double tolerance(String kind) {
        return info.get("tolerance").get("advice_max_abs").get(kind).asDouble();
    }

    public Prompt prompt(String name) {
        return IdContexts.prompt(ids(info.get("patching").get(name)));
    }

    public static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).asInt();
        }
        return ids;
    }

    /** A float32 tensor of the golden file, in row order. */
    public double[] values(String tensor) {
        try {
            ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("golden.safetensors")))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int header = (int) file.getLong();
            String text = new String(file.array(), 8, header, StandardCharsets.UTF_8);
            JsonNode place = JSON.readTree(text).get(tensor).get("data_offsets");
            double[] values = new double[(place.get(1).asInt() - place.get(0).asInt()) / Float.BYTES];
            for (int i = 0; i < values.length; i++) {
                values[i] = file.getFloat(8 + header + place.get(0).asInt() + i * Float.BYTES);
            }
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
