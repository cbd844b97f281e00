package org.headscope.analysis.mask.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskTarget;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.hooks.intervene.Ablation.Mode;

/** Reads one mask file; holds the model it is read for and the warnings met on the way. */
final class MaskJsonReader {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> ENTRY_KEYS = Set.of("layer", "head", "mode", "gate");

    private final MaskTarget target;
    private final HashCheck check;
    private final List<String> warnings = new ArrayList<>();

    MaskJsonReader(MaskTarget target, HashCheck check) {
        this.target = target;
        this.check = check;
    }

    ImportedMask read(JsonNode root) {
        requireVersion(root);
        requireModel(root.path("model"));
        SortedMap<MaskUnit, MaskSetting> entries = new TreeMap<>();
        for (MaskUnit.Kind kind : MaskUnit.Kind.values()) {
            readList(root, kind, entries);
        }
        HeadMask mask = HeadMask.of(target.shape(), entries);
        requireAgreement(root, "mode", MAPPER.valueToTree(mask.modeLabel()));
        requireAgreement(root, "pruned_heads", PrunedHeads.write(mask));
        requireAgreement(root, "head_mask", MAPPER.valueToTree(MaskViews.bits(mask)));
        requireGates(root.path("gates"), MaskViews.gates(mask));
        return new ImportedMask(mask, sources(root.path(MaskJson.SOURCES)), warnings);
    }

    private static MaskSources sources(JsonNode sources) {
        if (!sources.isMissingNode() && !sources.isObject()) {
            throw new MaskFormatException(MaskJson.SOURCES + " is " + MaskFiles.show(sources)
                    + ", not prompts by mode, such as {\"mean\": \"The cat\"}.");
        }
        return new MaskSources(source(sources, Mode.MEAN), source(sources, Mode.RESAMPLE));
    }

    private static String source(JsonNode sources, Mode mode) {
        JsonNode prompt = sources.path(mode.label());
        if (!prompt.isMissingNode() && !prompt.isTextual()) {
            throw new MaskFormatException(MaskJson.SOURCES + "." + mode.label() + " is " + MaskFiles.show(prompt)
                    + ", not a prompt in quotation marks.");
        }
        return prompt.asText("");
    }

    private static void requireVersion(JsonNode root) {
        if (!root.path("format").asText().equals(MaskJson.FORMAT)) {
            throw new MaskFormatException("this is no Headscope mask: it needs \"format\": \"" + MaskJson.FORMAT
                    + "\". Lists of pruned heads and matrices are imported under their own formats.");
        }
        JsonNode version = root.path("version");
        if (!version.isInt() || version.intValue() != MaskJson.VERSION) {
            throw new MaskFormatException("mask version " + MaskFiles.show(version) + " is not known; this Headscope"
                    + " reads version " + MaskJson.VERSION + ".");
        }
        JsonNode bit = root.path("bit");
        if (!bit.isMissingNode() && !bit.asText().equals(MaskJson.BIT)) {
            throw new MaskFormatException(
                    "its matrices mean " + MaskFiles.show(bit) + "; only \"" + MaskJson.BIT + "\" is read.");
        }
    }

    private void requireModel(JsonNode model) {
        int layers = count(model, "n_layers");
        int heads = count(model, "n_heads");
        if (layers != target.shape().layers() || heads != target.shape().heads()) {
            throw new MaskFormatException("the mask is for " + layers + " layers x " + heads + " heads, but "
                    + target.modelId() + " has " + target.shape() + ".");
        }
        String hash = model.path("hash").asText();
        if (hash.isEmpty() || target.weightHash().isEmpty()) {
            complain("It is not known whether the mask was made for these weights: a fingerprint is missing.");
        } else if (!hash.equals(target.weightHash())) {
            complain("The mask was made for other weights of the same shape ("
                    + model.path("id").asText("?") + ", " + hash + "; here " + target.modelId() + ", "
                    + target.weightHash() + ").");
        }
    }

    private void complain(String what) {
        if (check == HashCheck.REQUIRE) {
            throw new MaskFormatException(what + " Open the model it was made for, or import without the check.");
        }
        warnings.add(what);
    }

    private static int count(JsonNode model, String key) {
        JsonNode node = model.path(key);
        if (!node.isInt() || node.intValue() < 1) {
            throw new MaskFormatException("model." + key + " is " + MaskFiles.show(node) + ", not a count.");
        }
        return node.intValue();
    }

    private void readList(JsonNode root, MaskUnit.Kind kind, SortedMap<MaskUnit, MaskSetting> entries) {
        JsonNode list = root.path(kind.plural());
        if (list.isMissingNode() && kind != MaskUnit.Kind.HEAD) {
            return;
        }
        if (!list.isArray()) {
            throw new MaskFormatException(kind.plural() + " is " + MaskFiles.show(list) + ", not a list.");
        }
        for (JsonNode entry : list) {
            MaskUnit unit = unit(entry, kind);
            if (entries.put(unit, setting(entry, unit)) != null) {
                throw new MaskFormatException(unit.label() + " is listed twice.");
            }
        }
    }

    private MaskUnit unit(JsonNode entry, MaskUnit.Kind kind) {
        Set<String> unknown = new TreeSet<>();
        entry.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(ENTRY_KEYS);
        if (!entry.isObject() || !unknown.isEmpty()) {
            throw new MaskFormatException("an entry of " + kind.plural() + " reads " + MaskFiles.show(entry)
                    + "; it takes layer, head, mode and gate.");
        }
        int layer = MaskFiles.index(
                entry.path("layer"),
                "a layer in " + kind.plural(),
                target.shape().layers());
        if (kind != MaskUnit.Kind.HEAD) {
            return new MaskUnit(kind, layer, -1);
        }
        int head = MaskFiles.index(
                entry.path("head"), "a head of layer " + layer, target.shape().heads());
        return MaskUnit.head(layer, head);
    }

    private static MaskSetting setting(JsonNode entry, MaskUnit unit) {
        String word = entry.path("mode").asText();
        Mode mode = Arrays.stream(Mode.values())
                .filter(known -> known.label().equals(word))
                .findFirst()
                .orElseThrow(() -> new MaskFormatException("the mode of " + unit.label() + " is "
                        + MaskFiles.show(entry.path("mode")) + "; known are zero, mean, resample, uniform and gate."));
        JsonNode gate = entry.path("gate");
        if (mode == Mode.GATE ? !gate.isNumber() : !gate.isMissingNode()) {
            throw new MaskFormatException("the gate of " + unit.label() + " is " + MaskFiles.show(gate)
                    + "; mode gate needs a number, other modes have none.");
        }
        return mode == Mode.GATE ? MaskSetting.gate(gate.doubleValue()) : MaskSetting.of(mode);
    }

    private static void requireAgreement(JsonNode root, String view, JsonNode expected) {
        JsonNode given = root.path(view);
        if (!given.isMissingNode() && !given.equals(expected)) {
            throw contradiction(view, given, MaskFiles.show(expected));
        }
    }

    /** Compared as numbers, since other software writes 1 where we write 1.0. */
    private static void requireGates(JsonNode given, double[][] expected) {
        if (given.isMissingNode()) {
            return;
        }
        boolean same = given.isArray() && given.size() == expected.length;
        for (int layer = 0; same && layer < expected.length; layer++) {
            JsonNode row = given.get(layer);
            same = row.isArray() && row.size() == expected[layer].length;
            for (int head = 0; same && head < row.size(); head++) {
                JsonNode gate = row.get(head);
                same = gate.isNumber() && gate.doubleValue() == expected[layer][head];
            }
        }
        if (!same) {
            throw contradiction("gates", given, Arrays.deepToString(expected));
        }
    }

    private static MaskFormatException contradiction(String view, JsonNode given, String expected) {
        return new MaskFormatException("the file contradicts itself: " + view + " says " + MaskFiles.show(given)
                + " where its lists of parts say " + expected + ". Remove " + view + " or correct it.");
    }
}
