package org.headscope.hooks.tiny;

import java.util.HashMap;
import java.util.Map;

/** Opens every tiny checkpoint once for all tests of a class. */
final class TinyModels implements AutoCloseable {
    private final Map<String, TinyModel> open = new HashMap<>();

    TinyModel get(String family) {
        return open.computeIfAbsent(family, TinyModel::open);
    }

    @Override
    public void close() {
        open.values().forEach(TinyModel::close);
        open.clear();
    }
}
