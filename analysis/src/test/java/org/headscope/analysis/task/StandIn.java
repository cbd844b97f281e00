package org.headscope.analysis.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.headscope.analysis.train.Recipe;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.train.RandomStart;
import org.headscope.hooks.train.StartValues;
import org.headscope.hooks.train.TrainableModel;

/** Small models with the vocabulary of the bundled one, written as folders. */
public final class StandIn {
    private static final Recipe RECIPE = new Recipe(64, 2, 4, 2, 64);

    private StandIn() {}

    /** A model with large random weights, whose answers depend on everything. */
    public static Path random(Path folder) {
        return write(folder, new RandomStart(new SplittableRandom(5), 0.4, 2));
    }

    /**
     * A model that always says the same: the last norm drops what it is given and puts the embedding of one word in its
     * place, which the tied unembedding finds again.
     */
    public static Path saying(Path folder, String word) {
        JsonNode config = RECIPE.write(folder);
        int token;
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            token = tokenizer.idOfSingleToken(word);
        }
        RandomStart random = new RandomStart(new SplittableRandom(6), 1, 2);
        int width = config.get("hidden_size").asInt();
        float[] said = new float[width];
        return write(folder, config, (name, shape) -> {
            if (name.equals("model.norm.weight")) {
                return new float[width];
            }
            if (name.equals("model.norm.bias")) {
                return said;
            }
            float[] values = random.of(name, shape);
            if (name.equals("model.embed_tokens.weight")) {
                System.arraycopy(values, token * width, said, 0, width);
            }
            return values;
        });
    }

    private static Path write(Path folder, StartValues start) {
        return write(folder, RECIPE.write(folder), start);
    }

    private static Path write(Path folder, JsonNode config, StartValues start) {
        try (TrainableModel model = TrainableModel.of(config, start)) {
            model.save(folder.resolve("model.safetensors"));
        }
        return folder;
    }
}
