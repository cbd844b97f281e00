package org.headscope.hooks.bake;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.headscope.hooks.checkpoint.TensorInfo;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.CheckpointTensorSource;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.FamilyRegistry;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.io.AtomicFile;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.ModelWeights;
import org.headscope.hooks.weights.ProcessingStep;
import org.slf4j.LoggerFactory;

/**
 * Copies a checkpoint with some of its parts silenced for good: the rows of W_O of a head, or a whole output projection with
 * its bias, become 0. Everything else stays byte for byte as it was, so the folder opens wherever the original does, and
 * gives the logits that masking with zero gives.
 */
public final class BakedCheckpoint {
    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final ModelWeights weights;
    private final OutputMatrices matrices;
    private final Map<Path, ZeroedBytes> zeroed = new HashMap<>();

    private BakedCheckpoint(Checkpoint checkpoint, ModelConfig config, ModelWeights weights, OutputMatrices matrices) {
        this.checkpoint = checkpoint;
        this.config = config;
        this.weights = weights;
        this.matrices = matrices;
    }

    /**
     * Writes the copy.
     *
     * @param model the loaded model that the parts were chosen on
     * @param parts what is silenced
     * @param folder where to; must not exist, or be empty
     * @throws HeadscopeException when the model was built and not loaded, its value biases were folded (zero then means
     *     something else), nothing is silenced, or files cannot be read or written; nothing is left behind
     */
    public static void write(HookedTransformer model, Silenced parts, Path folder) {
        Path source = require(model, parts);
        requireEmpty(folder);
        try (Checkpoint checkpoint = Checkpoint.open(source);
                NDManager manager = Engines.newManager()) {
            JsonNode json = checkpoint.config();
            FamilyAdapter family = FamilyRegistry.standard().require(json);
            ModelConfig config = family.config(json);
            ModelWeights weights = family.weights(json, config, new CheckpointTensorSource(checkpoint, manager));
            BakedCheckpoint baked =
                    new BakedCheckpoint(checkpoint, config, weights, new OutputMatrices(checkpoint, manager));
            baked.silence(parts);
            baked.copy(folder.toAbsolutePath());
        }
    }

    private static Path require(HookedTransformer model, Silenced parts) {
        Path source = model.identity().path();
        if (source == null) {
            throw new HeadscopeException(
                    "This model was built, not loaded from a checkpoint, so there is none to write the mask into.");
        }
        if (model.identity().numerics().steps().contains(ProcessingStep.FOLD_VALUE_BIASES)) {
            throw new HeadscopeException(
                    "The value biases of this model were folded into b_O, so a head that is masked here"
                            + " still adds its bias, and would not in the checkpoint. Open the model without weight processing.");
        }
        if (parts.isEmpty()) {
            throw new HeadscopeException("The mask is empty: the copy would be the model itself. Mask a part first.");
        }
        return source;
    }

    private static void requireEmpty(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            if (inside.findAny().isPresent()) {
                throw new HeadscopeException(
                        "The folder " + folder + " is not empty, and nothing is replaced. Choose a new one.");
            }
        } catch (IOException e) {
            throw new HeadscopeException("Cannot write to " + folder + ": " + e.getMessage() + ".", e);
        }
    }

    private void silence(Silenced parts) {
        parts.layersOfHeads().forEach(layer -> {
            StoredMatrix o =
                    matrices.find("W_O", layer, block(layer).attention().o().weight());
            int width = config.dims().dHead();
            parts.heads().stream()
                    .filter(head -> head.layer() == layer)
                    .forEach(head ->
                            o.addInputs((long) require(head, config.dims()).head() * width, width, bytes(o.info())));
        });
        parts.attentions()
                .forEach(layer -> silence("W_O", layer, block(layer).attention().o()));
        parts.mlps().forEach(layer -> {
            MlpWeights mlp = block(layer).mlp();
            if (mlp == null) {
                throw new HeadscopeException("Layer " + layer + " has no MLP that could be silenced.");
            }
            silence("W_out", layer, mlp.out());
        });
    }

    private BlockWeights block(int layer) {
        if (layer < 0 || layer >= weights.blocks().size()) {
            throw new HeadscopeException("There is no layer " + layer + ": the model has "
                    + weights.blocks().size() + ", counted from 0.");
        }
        return weights.blocks().get(layer);
    }

    private static Target.Head require(Target.Head head, Dims dims) {
        if (head.head() < 0 || head.head() >= dims.heads()) {
            throw new HeadscopeException("There is no head " + head.layer() + "." + head.head() + ": every layer has "
                    + dims.heads() + ", counted from 0.");
        }
        return head;
    }

    private void silence(String what, int layer, Linear linear) {
        StoredMatrix matrix = matrices.find(what, layer, linear.weight());
        matrix.addAll(bytes(matrix.info()));
        TensorInfo bias = matrices.bias(matrix, linear);
        if (bias != null) {
            bytes(bias).add(bias.offset(), bias.byteLength());
        }
    }

    private ZeroedBytes bytes(TensorInfo info) {
        return zeroed.computeIfAbsent(checkpoint.file(info.name()), file -> new ZeroedBytes());
    }

    /** Everything is written beside the target and renamed at the end. */
    private void copy(Path folder) {
        Path part = folder.resolveSibling("." + folder.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(part);
            for (Path file : besideTheWeights()) {
                Files.copy(file, part.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
            for (Path file : checkpoint.files()) {
                copy(file, part.resolve(file.getFileName()));
            }
            Files.deleteIfExists(folder);
            Files.move(part, folder);
        } catch (IOException e) {
            throw new HeadscopeException(
                    "Cannot write " + folder + ": " + e.getMessage() + ". Check free space and permissions.", e);
        } finally {
            discard(part);
        }
    }

    private void copy(Path from, Path to) {
        ZeroedBytes zeroes = zeroed.getOrDefault(from, new ZeroedBytes());
        AtomicFile.write(to, out -> {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(from))) {
                zeroes.copy(in, out);
            }
        });
    }

    /** Tokenizer, settings and index; no other weights, whose heads would not be silenced, and no folders. */
    private List<Path> besideTheWeights() throws IOException {
        List<Path> copied = checkpoint.files();
        Path folder = copied.get(0).toAbsolutePath().getParent();
        try (Stream<Path> all = Files.list(folder == null ? Path.of(".") : folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !copied.contains(file))
                    .filter(file -> String.valueOf(file.getFileName()).matches("(?i).*\\.(json|txt|model|jinja|md)"))
                    .sorted()
                    .toList();
        }
    }

    private static void discard(Path part) {
        if (!Files.exists(part)) {
            return;
        }
        try (Stream<Path> inside = Files.list(part)) {
            for (Path file : inside.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(part);
        } catch (IOException e) {
            LoggerFactory.getLogger(BakedCheckpoint.class).warn("Could not remove {}", part, e);
        }
    }
}
