package org.headscope.analysis.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.headscope.hooks.checkpoint.SafetensorsWriter;
import org.headscope.hooks.train.AdamW;
import org.headscope.hooks.train.TrainableModel;

/** The one file from which a training goes on: weights and both moments, written after some steps and replaced as a whole. */
final class TrainingState {
    /** Its name in the folder of a training. */
    static final String FILE = "state.safetensors";

    private static final String STEPS = "steps";

    private final Path file;

    TrainingState(Path folder) {
        this.file = folder.resolve(FILE);
    }

    void save(TrainableModel model, AdamW optimizer) {
        SafetensorsWriter writer = new SafetensorsWriter().add(STEPS, new Shape(1), new long[] {optimizer.steps()});
        model.parameters().forEach(writer::add);
        optimizer.moments().forEach(writer::add);
        writer.write(file);
    }

    /** Puts everything back as it was, if there is anything. */
    void restore(TrainableModel model, AdamW optimizer) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (Checkpoint saved = Checkpoint.open(file);
                NDManager temporary = model.model().newManager()) {
            Map<String, NDArray> arrays = new HashMap<>();
            saved.names().forEach(name -> arrays.put(name, saved.load(temporary, name)));
            long steps = steps(saved.loadRaw(temporary, STEPS));
            model.restore(arrays);
            optimizer.restore(steps, arrays);
        } catch (HeadscopeException e) {
            throw new HeadscopeException(
                    "The training cannot go on from " + file + ": " + e.getMessage()
                            + " Move that file away to start anew, or train in another folder.",
                    e);
        }
    }

    private static long steps(NDArray saved) {
        if (saved.getDataType() != DataType.INT64 || saved.size() != 1 || saved.toLongArray()[0] < 0) {
            throw new HeadscopeException("Its '" + STEPS + "' is not a number of steps.");
        }
        return saved.toLongArray()[0];
    }
}
