package org.headscope.hooks.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.family.TensorSource;

/** A checkpoint that does not exist yet: every tensor that an adapter asks for is made on the spot. */
final class StartTensors implements TensorSource {
    /** Adapters of the Llama line look for this prefix before they ask for anything. */
    private static final String OUTER = "model.";

    private final StartValues start;
    private final NDManager manager;
    private final Map<String, NDArray> made = new LinkedHashMap<>();

    StartTensors(StartValues start, NDManager manager) {
        this.start = start;
        this.manager = manager;
    }

    /** What was asked for, by name. */
    Map<String, NDArray> made() {
        return Collections.unmodifiableMap(made);
    }

    @Override
    public Set<String> names() {
        return Set.of(OUTER);
    }

    @Override
    public boolean has(String name) {
        return true;
    }

    /* The copy is made by the engine; memory that came from Java would vanish with the array that brought it. */
    @Override
    public NDArray load(String name, long... shape) {
        try (NDArray fromJava = manager.create(values(name, shape), new Shape(shape))) {
            NDArray tensor = fromJava.duplicate();
            made.put(name, tensor);
            return tensor;
        }
    }

    private float[] values(String name, long... shape) {
        float[] values = start.of(name, shape);
        long size = new Shape(shape).size();
        if (values.length != size) {
            throw new HeadscopeException("Tensor '" + name + "' begins with " + values.length
                    + " values, but its shape " + new Shape(shape) + " has room for " + size + ". Give as many.");
        }
        return values;
    }
}
