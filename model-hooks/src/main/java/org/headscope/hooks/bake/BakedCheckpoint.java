package org.headscope.hooks.bake;

import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.checkpoint.TensorInfo;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.io.AtomicFile;
import org.headscope.hooks.weights.ProcessingStep;

/**
 * Copies a checkpoint with some of its parts silenced for good: the rows of W_O of a head, or a whole output projection with
 * its bias, become 0. Everything else stays byte for byte as it was, so the folder opens wherever the original does, and
 * gives the logits that masking with zero gives.
 */
public final class BakedCheckpoint {
    private final StoredOutputs stored;
    private final Map<Path, ZeroedBytes> zeroed = new HashMap<>();

    private BakedCheckpoint(StoredOutputs stored) {
        this.stored = stored;
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
        check(model, parts);
        CheckpointCopy.requireEmpty(folder);
        try (StoredOutputs stored = StoredOutputs.of(model)) {
            BakedCheckpoint baked = new BakedCheckpoint(stored);
            baked.silence(parts);
            new CheckpointCopy(stored.checkpoint()).write(folder, baked::copy);
        }
    }

    /**
     * Says whether parts can be silenced, before anything is written.
     *
     * @param model the loaded model that the parts were chosen on
     * @param parts what is to be silenced
     * @throws HeadscopeException saying why not
     */
    public static void check(HookedTransformer model, Silenced parts) {
        if (model.identity().path() == null) {
            throw new HeadscopeException(
                    "This model was built, not loaded from a checkpoint, so there is none to write the mask into.");
        }
        requireUnfolded(model);
        if (parts.isEmpty()) {
            throw new HeadscopeException("The mask is empty: the copy would be the model itself. Mask a part first.");
        }
    }

    /** Where value biases are folded, a masked head still adds its bias; in the checkpoint it would not. */
    static void requireUnfolded(HookedTransformer model) {
        if (model.identity().numerics().steps().contains(ProcessingStep.FOLD_VALUE_BIASES)) {
            throw new HeadscopeException(
                    "The value biases of this model were folded into b_O, so a head that is masked here"
                            + " still adds its bias, and would not in the checkpoint. Open the model without weight processing.");
        }
    }

    private void silence(Silenced parts) {
        parts.layersOfHeads().forEach(layer -> {
            StoredMatrix o = stored.attention(layer).matrix();
            parts.heads().stream().filter(head -> head.layer() == layer).forEach(head -> silence(o, head));
        });
        parts.attentions().forEach(layer -> silence(stored.attention(layer)));
        parts.mlps().forEach(layer -> silence(stored.mlp(layer)));
    }

    private void silence(StoredMatrix o, Target.Head head) {
        Dims dims = stored.dims();
        if (head.head() < 0 || head.head() >= dims.heads()) {
            throw new HeadscopeException("There is no head " + head.layer() + "." + head.head() + ": every layer has "
                    + dims.heads() + ", counted from 0.");
        }
        o.addInputs((long) head.head() * dims.dHead(), dims.dHead(), bytes(o.info()));
    }

    private void silence(StoredOutputs.Output output) {
        output.matrix().addAll(bytes(output.matrix().info()));
        TensorInfo bias = output.bias();
        if (bias != null) {
            bytes(bias).add(bias.offset(), bias.byteLength());
        }
    }

    private ZeroedBytes bytes(TensorInfo info) {
        return zeroed.computeIfAbsent(stored.checkpoint().file(info.name()), file -> new ZeroedBytes());
    }

    private void copy(Path from, Path to) {
        ZeroedBytes zeroes = zeroed.getOrDefault(from, new ZeroedBytes());
        AtomicFile.write(to, out -> {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(from))) {
                zeroes.copy(in, out);
            }
        });
    }
}
