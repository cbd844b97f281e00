package org.headscope.analysis.mask.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.hooks.io.AtomicFile;

/**
 * Hugging Face's list of removed heads, {@code {"0": [1], "1": [2, 3]}}, as it stood in {@code config.json} up to
 * transformers 4. It knows neither modes nor gates nor anything but heads.
 */
public final class PrunedHeads {
    private PrunedHeads() {}

    /**
     * @param mask the mask
     * @return its heads that are off, by layer
     */
    public static ObjectNode write(HeadMask mask) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        MaskViews.prunedHeads(mask).forEach((layer, heads) -> {
            ArrayNode list = root.putArray(Integer.toString(layer));
            heads.forEach(list::add);
        });
        return root;
    }

    /**
     * Writes the list, replacing the file only when the new one is complete.
     *
     * @param mask the mask
     * @param file where to
     * @return what the format could not carry, for people to read; empty when nothing was lost
     */
    public static List<String> write(HeadMask mask, Path file) {
        AtomicFile.writeText(file, write(mask).toString());
        return MaskViews.lossesWithoutModes(mask, false);
    }

    /**
     * Reads a list, alone or as {@code pruned_heads} inside a {@code config.json}.
     *
     * @param file the file
     * @param shape the grid of the model
     * @param off how the removed heads are to be masked; zero is what removal does
     * @return the mask
     * @throws MaskFormatException when the file is no such list or names heads the model does not have
     */
    public static HeadMask read(Path file, MaskShape shape, MaskSetting off) {
        return MaskFiles.named(file, () -> {
            JsonNode root = MaskFiles.json(file);
            return read(root.has("pruned_heads") ? root.get("pruned_heads") : root, shape, off);
        });
    }

    private static HeadMask read(JsonNode root, MaskShape shape, MaskSetting off) {
        if (!root.isObject()) {
            throw new MaskFormatException("pruned_heads is " + MaskFiles.show(root) + ", not an object.");
        }
        Map<MaskUnit, MaskSetting> entries = new HashMap<>();
        for (var layers = root.fields(); layers.hasNext(); ) {
            var entry = layers.next();
            int layer = MaskFiles.index(layer(entry.getKey()), "a layer", shape.layers());
            for (MaskUnit head : heads(layer, entry.getValue(), shape)) {
                if (entries.put(head, off) != null) {
                    throw new MaskFormatException(head.label() + " is listed twice.");
                }
            }
        }
        return HeadMask.of(shape, entries);
    }

    private static List<MaskUnit> heads(int layer, JsonNode list, MaskShape shape) {
        if (!list.isArray()) {
            throw new MaskFormatException(
                    "the heads of layer " + layer + " are " + MaskFiles.show(list) + ", not a list.");
        }
        List<MaskUnit> heads = new ArrayList<>();
        for (JsonNode node : list) {
            heads.add(MaskUnit.head(layer, MaskFiles.index(node, "a head of layer " + layer, shape.heads())));
        }
        return heads;
    }

    private static int layer(String key) {
        try {
            return Integer.parseInt(key);
        } catch (NumberFormatException e) {
            throw new MaskFormatException(
                    "'" + key + "' is not the number of a layer; a list of removed heads looks"
                            + " like {\"0\": [1], \"1\": [2, 3]}.",
                    e);
        }
    }
}
