package org.headscope.app.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.headscope.app.files.Assets;
import org.headscope.hooks.HeadscopeException;

/** The models that a name can stand for: those shipped with the program, and any folder. */
public final class ModelCatalog {
    /** The model that opens when none is named. */
    public static final String DEFAULT = "world-6l";

    private final Path bundled;

    /** @param assets where the shipped models are */
    public ModelCatalog(Assets assets) {
        this.bundled = assets.root().resolve("models");
    }

    /** {@return the catalogue of this installation} */
    public static ModelCatalog standard() {
        return new ModelCatalog(Assets.locate());
    }

    /**
     * A shipped model.
     *
     * @param name what to call it
     * @param path its folder
     */
    public record Entry(String name, Path path) {}

    /** {@return the shipped models by name} */
    public List<Entry> bundled() {
        if (!Files.isDirectory(bundled)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(bundled)) {
            return folders.filter(folder -> Files.exists(folder.resolve("config.json")))
                    .sorted()
                    .map(folder -> new Entry(String.valueOf(folder.getFileName()), folder))
                    .toList();
        } catch (IOException e) {
            throw new HeadscopeException("Cannot list the shipped models in " + bundled + ": " + e.getMessage(), e);
        }
    }

    /**
     * Finds a model.
     *
     * @param name the name of a shipped model, or a folder or weights file
     * @return where it is
     * @throws HeadscopeException when there is neither
     */
    public Path resolve(String name) {
        for (Entry entry : bundled()) {
            if (entry.name().equals(name)) {
                return entry.path();
            }
        }
        Path path = path(name);
        if (Files.exists(path)) {
            return path;
        }
        throw new HeadscopeException("There is no model '" + name + "'. Give a folder with config.json and"
                + " model.safetensors, or one of the shipped models: "
                + bundled().stream().map(Entry::name).collect(Collectors.joining(", ")) + ".");
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new HeadscopeException("'" + name + "' is no path: " + e.getMessage(), e);
        }
    }
}
