package org.headscope.hooks.tiny;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.headscope.hooks.family.TensorSource;

/** Tensors straight from one float32 file. */
record PlainSource(NDManager manager, Map<String, PlainSafetensors.Tensor> tensors) implements TensorSource {
    static PlainSource of(NDManager manager, Path folder) {
        return new PlainSource(manager, PlainSafetensors.read(folder.resolve("model.safetensors")));
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    @Override
    public NDArray load(String name, long... shape) {
        PlainSafetensors.Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("No tensor " + name + " among " + tensors.keySet());
        }
        if (!new Shape(shape).equals(new Shape(tensor.shape()))) {
            throw new IllegalArgumentException(name + " " + new Shape(tensor.shape()) + " wanted " + new Shape(shape));
        }
        return manager.create(tensor.values(), new Shape(tensor.shape()));
    }
}
