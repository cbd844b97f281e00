package org.headscope.app;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.scene.Scene;
import javafx.scene.input.DragEvent;
import javafx.scene.input.TransferMode;

/** Takes a model's folder or a mask file that is dropped on the window. */
final class DropTarget {
    private final Consumer<Path> openModel;
    private final Consumer<Path> readMask;

    DropTarget(Consumer<Path> openModel, Consumer<Path> readMask) {
        this.openModel = openModel;
        this.readMask = readMask;
    }

    void install(Scene scene) {
        scene.setOnDragOver(event -> {
            if (taker(event).isPresent()) {
                event.acceptTransferModes(TransferMode.COPY, TransferMode.LINK);
            }
            event.consume();
        });
        scene.setOnDragDropped(event -> {
            Optional<Runnable> taker = taker(event);
            event.setDropCompleted(taker.isPresent());
            event.consume();
            taker.ifPresent(Runnable::run);
        });
    }

    private Optional<Runnable> taker(DragEvent event) {
        List<File> files = event.getDragboard().getFiles();
        return files.size() == 1 ? taker(files.get(0).toPath()) : Optional.empty();
    }

    /** Folders with a configuration and weight files are models; JSON and NumPy files are masks. */
    Optional<Runnable> taker(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (Files.isDirectory(path)) {
            boolean model = Files.isRegularFile(path.resolve("config.json"));
            return model ? Optional.of(() -> openModel.accept(path)) : Optional.empty();
        }
        if (name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json")) {
            Path folder = path.toAbsolutePath().getParent();
            return Optional.of(() -> openModel.accept(folder == null ? path : folder));
        }
        boolean mask = name.endsWith(".json") || name.endsWith(".npy");
        return mask ? Optional.of(() -> readMask.accept(path)) : Optional.empty();
    }
}
