package org.headscope.app.testing;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.headscope.analysis.train.Recipe;
import org.headscope.hooks.train.RandomStart;
import org.headscope.hooks.train.TrainableModel;

/** A small model with random weights and the vocabulary of the bundled one, so that every task can be asked. */
public final class StandIn {
    private static final Recipe RECIPE = new Recipe(32, 2, 4, 2, 32);

    private StandIn() {}

    /**
     * Writes the model.
     *
     * @param folder where to; made when missing
     * @return the folder
     */
    public static Path write(Path folder) {
        RandomStart start = new RandomStart(new SplittableRandom(5), 0.4, RECIPE.layers());
        try (TrainableModel model = TrainableModel.of(RECIPE.write(folder), start)) {
            model.save(folder.resolve("model.safetensors"));
        }
        return folder;
    }
}
