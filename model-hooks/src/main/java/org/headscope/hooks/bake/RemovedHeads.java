package org.headscope.hooks.bake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.headscope.hooks.checkpoint.TensorInfo;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.io.AtomicFile;
import org.headscope.hooks.io.JsonFile;

/**
 * Copies a checkpoint without some of its heads: their rows of W_Q, W_K, W_V and columns of W_O are cut out and
 * {@code config.json} is adjusted, so the copy is smaller and faster wherever the original opens, and gives the logits that
 * masking with zero gives. transformers 5 has no list of removed heads any more, so only families whose configuration says
 * {@code head_dim} on its own can be cut, and only evenly.
 */
public final class RemovedHeads {
    /** Families that read {@code head_dim} here and in transformers and store four separate projections. */
    private static final Set<String> FAMILIES =
            Set.of("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "starcoder2");

    private static final Pattern PROJECTION =
            Pattern.compile("(?:.*\\.)?layers\\.(\\d+)\\.self_attn\\.([qkvo])_proj\\.(weight|bias)");
    private static final JsonMapper JSON = new JsonMapper();

    private final ModelConfig config;
    private final HeadCut cut;
    private long bytes;

    private RemovedHeads(ModelConfig config, HeadCut cut) {
        this.config = config;
        this.cut = cut;
    }

    /**
     * Says whether heads can be cut out, before anything is written.
     *
     * @param model the loaded model that the heads were chosen on
     * @param heads what is to be removed
     * @throws HeadscopeException saying why not: the family has no place for it, the cut is uneven, there is nothing to
     *     remove, or the model was not loaded from a checkpoint
     */
    public static void check(HookedTransformer model, Set<Target.Head> heads) {
        plan(model, heads);
    }

    private static HeadCut plan(HookedTransformer model, Set<Target.Head> heads) {
        String family = model.config().family();
        if (!FAMILIES.contains(family)) {
            throw new HeadscopeException(
                    "Heads of a " + family + " model cannot be cut out: its configuration divides the"
                            + " width by the number of heads, or keeps the heads of a layer in one matrix or under one norm, so"
                            + " fewer heads would be read as wider ones. It works for "
                            + String.join(", ", FAMILIES.stream().sorted().toList())
                            + ". Write the mask as zeros into W_O instead.");
        }
        if (model.identity().path() == null) {
            throw new HeadscopeException(
                    "This model was built, not loaded from a checkpoint, so there is none to cut heads out of.");
        }
        BakedCheckpoint.requireUnfolded(model);
        if (heads.isEmpty()) {
            throw new HeadscopeException("The mask is empty: the copy would be the model itself. Mask a head first.");
        }
        return HeadCut.of(model.config().dims(), heads);
    }

    /**
     * Writes the copy.
     *
     * @param model the loaded model that the heads were chosen on
     * @param heads what is removed
     * @param folder where to; must not exist, or be empty
     * @throws HeadscopeException as {@link #check} says, or when files cannot be read or written; nothing is left behind
     */
    public static void write(HookedTransformer model, Set<Target.Head> heads, Path folder) {
        RemovedHeads removed = new RemovedHeads(model.config(), plan(model, heads));
        CheckpointCopy.requireEmpty(folder);
        Path source = Objects.requireNonNull(model.identity().path());
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            removed.requireProjections(checkpoint);
            new CheckpointCopy(checkpoint).write(folder, removed::copy);
        }
        removed.correctIndex(folder);
    }

    private void requireProjections(Checkpoint checkpoint) {
        long found = checkpoint.names().stream()
                .map(PROJECTION::matcher)
                .filter(Matcher::matches)
                .filter(name -> name.group(3).equals("weight"))
                .count();
        int wanted = 4 * config.dims().layers();
        if (found != wanted) {
            throw new HeadscopeException("The checkpoint " + checkpoint.path() + " holds " + found
                    + " projections named q_proj to o_proj, not the " + wanted
                    + " that its layers need, so heads cannot be cut out of it.");
        }
    }

    private void copy(Path from, Path to) {
        if (String.valueOf(from.getFileName()).endsWith(".json")) {
            writeConfig(from, to);
            return;
        }
        CutFile file = new CutFile(from, this::kept);
        bytes += file.byteLength();
        file.write(to);
    }

    private KeptBytes kept(TensorInfo info) {
        Matcher name = PROJECTION.matcher(info.name());
        if (!name.matches()) {
            return KeptBytes.all(info);
        }
        int layer = Integer.parseInt(name.group(1));
        int width = config.dims().dHead();
        boolean bias = name.group(3).equals("bias");
        List<Integer> heads = cut.heads().get(layer);
        return switch (name.group(2)) {
            case "q" -> KeptBytes.rows(info, heads, width);
            case "o" -> bias ? KeptBytes.all(info) : KeptBytes.columns(info, heads, width);
            default -> KeptBytes.rows(info, cut.kvHeads().get(layer), width);
        };
    }

    private void writeConfig(Path from, Path to) {
        try {
            ObjectNode root = (ObjectNode) JsonFile.readObject(from);
            ObjectNode sizes = root.path("text_config") instanceof ObjectNode text && text.has("num_attention_heads")
                    ? text
                    : root;
            sizes.put("num_attention_heads", cut.headCount());
            sizes.put("num_key_value_heads", cut.kvHeadCount());
            sizes.put("head_dim", config.dims().dHead());
            writeJson(root, to);
        } catch (IOException e) {
            throw new HeadscopeException("Cannot read " + from + ": " + e.getMessage() + ".", e);
        }
    }

    /** The index of a checkpoint in several files says how large they are together. */
    private void correctIndex(Path folder) {
        Path index = folder.resolve("model.safetensors.index.json");
        if (!index.toFile().isFile()) {
            return;
        }
        try {
            JsonNode root = JsonFile.readObject(index);
            if (root.path("metadata") instanceof ObjectNode metadata) {
                metadata.put("total_size", bytes);
                writeJson(root, index);
            }
        } catch (IOException e) {
            throw new HeadscopeException("Cannot read " + index + ": " + e.getMessage() + ".", e);
        }
    }

    private static void writeJson(JsonNode root, Path to) throws IOException {
        AtomicFile.writeText(to, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    }
}
