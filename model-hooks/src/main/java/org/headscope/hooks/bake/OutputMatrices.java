package org.headscope.hooks.bake;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.headscope.hooks.checkpoint.TensorInfo;
import org.headscope.hooks.weights.Linear;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a checkpoint where a projection is stored, by its numbers. The adapters of the families only know how to read;
 * comparing what they read with what is stored holds for every family and cannot be out of step with them.
 */
final class OutputMatrices {
    private final Checkpoint checkpoint;
    private final NDManager manager;

    OutputMatrices(Checkpoint checkpoint, NDManager manager) {
        this.checkpoint = checkpoint;
        this.manager = manager;
    }

    /** Where {@code [out, in]} is stored, among the tensors whose names hold the number of the layer. */
    StoredMatrix find(String what, int layer, NDArray weight) {
        Shape shape = weight.getShape();
        List<StoredMatrix> found = ofLayer(layer)
                .flatMap(info -> Stream.of(false, true)
                        .filter(turned -> info.shape().equals(turned ? turned(shape) : shape))
                        .map(turned -> new StoredMatrix(info, turned)))
                .filter(stored -> same(stored, weight))
                .toList();
        if (found.isEmpty()) {
            throw new HeadscopeException("The checkpoint " + checkpoint.path() + " does not store " + what
                    + " of layer " + layer + " as a matrix of its own, so it cannot be changed in place.");
        }
        // A matrix equal to its own transpose is zeroed alike either way only as a whole; no trained matrix is.
        if (found.size() > 1 && !isZero(weight)) {
            throw new HeadscopeException(what + " of layer " + layer + " could be any of "
                    + found.stream().map(stored -> stored.info().name()).toList()
                    + ", which hold the same numbers. Nothing was written.");
        }
        return found.get(0);
    }

    /** The bias beside a matrix, or null when there is none. */
    @Nullable
    TensorInfo bias(StoredMatrix matrix, Linear linear) {
        if (linear.bias() == null) {
            return null;
        }
        String name = matrix.info().name().replaceFirst("weight$", "bias");
        return checkpoint.info(name);
    }

    private Stream<TensorInfo> ofLayer(int layer) {
        Predicate<String> names = Pattern.compile("(^|\\D)" + layer + "(\\D|$)").asPredicate();
        return checkpoint.names().stream().filter(names).sorted().map(checkpoint::info);
    }

    private boolean same(StoredMatrix stored, NDArray weight) {
        try (NDManager temporary = manager.newSubManager()) {
            NDArray read = checkpoint.load(temporary, stored.info().name());
            NDArray turned = stored.inputsFirst() ? read.transpose() : read;
            return turned.sub(weight).abs().max().getFloat() == 0;
        }
    }

    private static boolean isZero(NDArray weight) {
        try (NDArray size = weight.abs();
                NDArray most = size.max()) {
            return most.getFloat() == 0;
        }
    }

    private static Shape turned(Shape shape) {
        return new Shape(shape.get(1), shape.get(0));
    }
}
