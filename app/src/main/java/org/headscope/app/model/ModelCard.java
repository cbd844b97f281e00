package org.headscope.app.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.JsonFile;

/**
 * What a model's folder says to people, in {@code headscope.json} beside its configuration.
 *
 * @param prompt what to begin with; empty when it says nothing
 * @param about what the model is, in a sentence; empty when it says nothing
 */
public record ModelCard(String prompt, String about) {
    /** The file that holds it. */
    public static final String FILE = "headscope.json";
    /** A model that says nothing. */
    public static final ModelCard NONE = new ModelCard("", "");

    /**
     * Reads the card of a model.
     *
     * @param model its folder or weights file
     * @return the card; {@link #NONE} when there is none
     * @throws HeadscopeException when there is one that cannot be read
     */
    public static ModelCard read(Path model) {
        Path file = Files.isDirectory(model) ? model.resolve(FILE) : model.resolveSibling(FILE);
        if (!Files.exists(file)) {
            return NONE;
        }
        try {
            JsonNode json = JsonFile.readObject(file);
            return new ModelCard(text(json, "prompt"), text(json, "about"));
        } catch (IOException e) {
            throw new HeadscopeException(
                    file + " cannot be used: " + e.getMessage()
                            + ". Correct it, such as {\"prompt\": \"Once upon a time\"}, or remove it.",
                    e);
        }
    }

    private static String text(JsonNode json, String name) throws IOException {
        JsonNode value = json.path(name);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw new IOException("its " + name + " is " + value + " where a text is expected");
        }
        return value.asText("");
    }
}
