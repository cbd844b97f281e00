package org.headscope.analysis.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.JsonFile;

/**
 * The architecture of a model to be trained: the StarCoder 2 block, whose LayerNorms can be folded and whose keys and values
 * are shared by groups of heads.
 *
 * @param dModel width of the residual stream
 * @param layers number of blocks
 * @param heads query heads per block
 * @param kvHeads key and value heads per block
 * @param dMlp width of the MLPs
 */
public record Recipe(int dModel, int layers, int heads, int kvHeads, int dMlp) {
    private static final long VOCABULARY_SEED = 1;
    private static final String CONFIG = "config.json";
    private static final String VOCABULARY_SIZE = "vocab_size";

    /** {@return the bundled model} */
    public static Recipe bundled() {
        return new Recipe(160, 6, 8, 4, 640);
    }

    /**
     * Writes what a checkpoint has besides its weights.
     *
     * @param folder gets {@code config.json}, {@code tokenizer.json} and {@code tokenizer_config.json}
     * @return the configuration
     */
    public ObjectNode write(Path folder) {
        Vocabulary vocabulary = Vocabulary.of(TaskRegistry.all(), VOCABULARY_SEED);
        new TokenizerFolder(vocabulary).write(folder, Plan.LONG);
        ObjectNode config = config(vocabulary.size());
        TokenizerFolder.save(folder.resolve(CONFIG), config);
        return config;
    }

    /**
     * Writes what a checkpoint has besides its weights, unless it is there: a training that goes on must keep its tokens
     * even when the tasks have new words by now.
     *
     * @return the configuration
     * @throws HeadscopeException when another model is there
     */
    ObjectNode prepare(Path folder) {
        Path file = folder.resolve(CONFIG);
        if (!Files.exists(file)) {
            return write(folder);
        }
        JsonNode present = read(file);
        ObjectNode config = config(present.path(VOCABULARY_SIZE).asInt());
        if (!config.equals(present)) {
            throw new HeadscopeException(file + " describes another model than " + this
                    + ". Train in another folder, or with the recipe that this one was begun with.");
        }
        return config;
    }

    private static JsonNode read(Path config) {
        try {
            return JsonFile.readObject(config);
        } catch (IOException e) {
            throw new HeadscopeException(
                    config + " cannot be read: " + e.getMessage() + ". Train in another folder.", e);
        }
    }

    private ObjectNode config(int vocabulary) {
        ObjectNode config = new JsonMapper().createObjectNode();
        config.putArray("architectures").addAll(List.of(config.textNode("Starcoder2ForCausalLM")));
        config.put("model_type", "starcoder2");
        config.put("hidden_size", dModel).put("num_hidden_layers", layers);
        config.put("num_attention_heads", heads).put("num_key_value_heads", kvHeads);
        config.put("intermediate_size", dMlp).put("max_position_embeddings", Plan.LONG);
        config.put(VOCABULARY_SIZE, vocabulary).put("hidden_act", "gelu").put("norm_epsilon", 1e-5);
        config.put("rope_theta", 10_000.0).putNull("sliding_window").put("use_bias", true);
        config.put("attention_dropout", 0.0).put("residual_dropout", 0.0).put("embedding_dropout", 0.0);
        config.put("tie_word_embeddings", true).put("bos_token_id", 0).putNull("eos_token_id");
        config.put("torch_dtype", "float32");
        return config;
    }
}
