package org.headscope.analysis.mask.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskTarget;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.io.AtomicFile;

/**
 * Masks as JSON, version 1. The lists {@code heads}, {@code attentions}, {@code mlps} and {@code layers} are the mask;
 * {@code pruned_heads}, {@code head_mask} and {@code gates} say the same about heads in the shapes other tools read, and
 * must agree with the lists when a file is read.
 */
public final class MaskJson {
    static final String FORMAT = "headscope-mask";
    static final int VERSION = 1;
    /** Which way the matrices point; the other way round is just as common, so a file has to say it. */
    static final String BIT = "1=keep, 0=masked";

    /** Prompts by mode. */
    static final String SOURCES = "sources";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private MaskJson() {}

    /**
     * @param mask the mask
     * @param sources which prompts it takes activations from, as far as that is known
     * @param target the model it is for
     * @return the mask as a JSON object
     */
    public static ObjectNode write(HeadMask mask, MaskSources sources, MaskTarget target) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("format", FORMAT).put("version", VERSION);
        root.putObject("model")
                .put("id", target.modelId())
                .put("hash", target.weightHash())
                .put("n_layers", mask.shape().layers())
                .put("n_heads", mask.shape().heads());
        root.put("mode", mask.modeLabel()).put("bit", BIT);
        for (MaskUnit.Kind kind : MaskUnit.Kind.values()) {
            ArrayNode list = root.putArray(kind.plural());
            mask.units(kind)
                    .forEach(unit -> list.add(entry(unit, mask.setting(unit).orElseThrow())));
        }
        root.set("pruned_heads", PrunedHeads.write(mask));
        root.set("head_mask", MAPPER.valueToTree(MaskViews.bits(mask)));
        root.set("gates", MAPPER.valueToTree(MaskViews.gates(mask)));
        MaskSources used = sources.of(mask);
        source(root, Mode.MEAN, used.mean());
        source(root, Mode.RESAMPLE, used.resample());
        return root;
    }

    private static ObjectNode entry(MaskUnit unit, MaskSetting setting) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode().put("layer", unit.layer());
        if (unit.kind() == MaskUnit.Kind.HEAD) {
            entry.put("head", unit.head());
        }
        entry.put("mode", setting.mode().label());
        if (setting.mode() == Mode.GATE) {
            entry.put("gate", setting.gate());
        }
        return entry;
    }

    private static void source(ObjectNode root, Mode mode, String prompt) {
        if (!prompt.isEmpty()) {
            root.withObject("/" + SOURCES).put(mode.label(), prompt);
        }
    }

    /**
     * Writes a mask file, replacing the old one only when the new one is complete.
     *
     * @param json what {@link #write(HeadMask, MaskSources, MaskTarget)} made
     * @param file where to
     */
    public static void write(ObjectNode json, Path file) {
        try {
            AtomicFile.writeText(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        } catch (JsonProcessingException e) {
            throw new MaskFormatException("Cannot write " + file + ": " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads a mask file.
     *
     * @param file what {@link #write(ObjectNode, Path)} wrote, or a person by hand
     * @param target the model it is to be used with
     * @param check what to do when it was made for other weights
     * @return the mask and what to know about it
     * @throws MaskFormatException when the file is no mask, contradicts itself, or does not fit the model
     */
    public static ImportedMask read(Path file, MaskTarget target, HashCheck check) {
        return MaskFiles.named(file, () -> new MaskJsonReader(target, check).read(MaskFiles.json(file)));
    }

    /**
     * Reads a mask from text.
     *
     * @param json what {@link #write(HeadMask, MaskSources, MaskTarget)} made
     * @param target the model it is to be used with
     * @param check what to do when it was made for other weights
     * @return the mask and what to know about it
     * @throws MaskFormatException when the text is no mask, contradicts itself, or does not fit the model
     */
    public static ImportedMask read(String json, MaskTarget target, HashCheck check) {
        return MaskFiles.named("this text", () -> new MaskJsonReader(target, check).read(MaskFiles.json(json)));
    }
}
