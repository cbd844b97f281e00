package org.headscope.app.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.headscope.analysis.linalg.NpyArray;
import org.headscope.analysis.linalg.NpyFile;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.session.Session;
import org.headscope.hooks.checkpoint.SafetensorsWriter;
import org.headscope.hooks.io.AtomicFile;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;

/** Writes the activations of a run, and beside them all that one needs to know to read them. */
public final class CaptureFiles {
    private static final JsonMapper JSON = new JsonMapper();

    private CaptureFiles() {}

    /**
     * Writes one safetensors file, or a folder of npy files.
     *
     * @param run the run
     * @param tokens its prompt
     * @param session model, BOS policy and mask
     * @param out a file that ends in {@code .safetensors}, or a folder
     */
    public static void write(RunResult run, PromptTokens tokens, Session session, Path out) {
        ObjectNode about = about(tokens, session);
        List<HookSite> sites = run.cache().sites().stream().sorted().toList();
        if (String.valueOf(out.getFileName()).endsWith(".safetensors")) {
            SafetensorsWriter writer = new SafetensorsWriter();
            about.fields()
                    .forEachRemaining(e -> writer.metadata(
                            e.getKey(),
                            e.getValue().isTextual()
                                    ? e.getValue().asText()
                                    : e.getValue().toString()));
            sites.forEach(site -> writer.add(site.name(), run.cache().get(site)));
            writer.write(out);
            return;
        }
        sites.forEach(site ->
                NpyFile.write(out.resolve(site.name() + ".npy"), npy(run.cache().get(site))));
        AtomicFile.writeText(out.resolve("capture.json"), about.toPrettyString());
    }

    private static NpyArray npy(NDArray array) {
        List<Integer> shape = Arrays.stream(array.getShape().getShape())
                .mapToObj(Math::toIntExact)
                .toList();
        return array.getDataType() == DataType.INT64
                ? NpyArray.of(shape, array.toLongArray())
                : NpyArray.of(shape, array.toFloatArray());
    }

    private static ObjectNode about(PromptTokens tokens, Session session) {
        var identity = session.model().identity();
        ObjectNode about = JSON.createObjectNode()
                .put("model", identity.name())
                .put("model_hash", identity.hash())
                .put("numerics", identity.numerics().describe())
                .put("bos_policy", session.bos().name().toLowerCase(Locale.ROOT))
                .put("bos_prepended", Boolean.toString(tokens.bosPrepended()))
                .put("mask", session.mask().label());
        about.set("token_ids", JSON.valueToTree(tokens.ids()));
        about.set("tokens", JSON.valueToTree(tokens.strings()));
        return about;
    }
}
