package org.headscope.hooks.family;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.headscope.hooks.checkpoint.CheckpointException;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;

/** The tensors of a checkpoint on disk. It checks what it hands out, and remembers it: what is left over is suspect. */
public final class CheckpointTensorSource implements TensorSource {
    private final Checkpoint checkpoint;
    private final NDManager manager;
    private final Set<String> read = new HashSet<>();

    /**
     * Reads from a checkpoint.
     *
     * @param checkpoint the open checkpoint
     * @param manager owns the tensors
     */
    public CheckpointTensorSource(Checkpoint checkpoint, NDManager manager) {
        this.checkpoint = checkpoint;
        this.manager = manager;
    }

    @Override
    public Set<String> names() {
        return checkpoint.names();
    }

    @Override
    public boolean has(String name) {
        return checkpoint.has(name);
    }

    /**
     * {@inheritDoc}
     *
     * @throws CheckpointException of kind {@code MISSING_TENSOR}, {@code WRONG_SHAPE} or {@code NON_FINITE}
     */
    @Override
    public NDArray load(String name, long... shape) {
        Shape found = checkpoint.info(name).shape();
        if (!fits(found, shape)) {
            throw new CheckpointException(
                    Kind.WRONG_SHAPE,
                    "Tensor '" + name + "' in " + checkpoint.path() + " has shape " + found
                            + " but config.json asks for " + new Shape(shape)
                            + ". Check that config.json and the weights belong together.");
        }
        NDArray tensor = checkpoint.load(manager, name);
        requireFinite(name, tensor);
        read.add(name);
        return tensor;
    }

    /**
     * Lists what nobody asked for: a sign that the family has a part that its adapter does not know.
     *
     * @return names in alphabetical order, without buffers and heads that are known to be beside the point
     */
    public List<String> unread() {
        return checkpoint.names().stream()
                .filter(name -> !read.contains(name) && !SparePart.is(name))
                .sorted()
                .toList();
    }

    private static boolean fits(Shape found, long[] wanted) {
        if (found.dimension() != wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] != -1 && wanted[i] != found.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** One fast sum finds the rare bad tensor; only then is the place of the number searched for. */
    private void requireFinite(String name, NDArray tensor) {
        try (NDArray sum = tensor.sum()) {
            if (Float.isFinite(sum.getFloat())) {
                return;
            }
        }
        OptionalLong place = checkpoint.firstNonFinite(name);
        if (place.isPresent()) {
            tensor.close();
            throw new CheckpointException(
                    Kind.NON_FINITE,
                    "Tensor '" + name + "' in " + checkpoint.path() + " holds NaN or an infinity, first at element "
                            + place.getAsLong()
                            + ". Nothing computed from it would mean anything; fetch the file again.");
        }
    }
}
