package org.headscope.hooks.handbuilt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.family.own.NativeModelWriter;
import org.headscope.hooks.io.AtomicFile;

/** Writes {@link InductionModel} as a folder that opens like any other model, with a tokenizer of one word per token. */
public final class InductionFolder {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT)
            .build();
    private static final String CARD =
            """
            # induction-2l

            A two-layer attention-only transformer whose weights were written down, not trained, so that every
            interpretability score is known beforehand. It is here to learn on and to check methods with.

            | | |
            |---|---|
            | layers, heads, d_model, d_head | 2, 4, 160, 64 |
            | context, vocabulary | 64, 32 (31 words and `<bos>`) |
            | norm, MLP, biases | none |

            **How it works.** The residual stream has four parts: token, position, token one position earlier, prediction.
            Head 0.1 attends to the position before and copies its token into the third part. Head 1.2 attends to positions
            whose third part is the current token and copies the token found there into the prediction, which the unembedding
            multiplies by 10. The other heads attend to position 0 and write nothing.

            **What to expect.** On `<bos>`, some different words, and the same words again: previous-token score 1 for head 0.1,
            induction score 1 for head 1.2, both 0 for all other heads; every word of the second copy is predicted with
            a logit of 10. Patching `z` of head 1.2 or of head 0.1 restores a corrupted prompt completely. The path from head
            0.1 to head 1.2 runs through keys only.

            **Limits.** The words must differ from each other within a copy, and there are at most 63 of them. Prompts consist
            of the words in `tokenizer.json` and nothing else.

            Example prompt: `apple bird cloud door apple bird cloud`. The model continues with `door`. It stands in
            `headscope.json`, so that the window begins with it.

            Made by `org.headscope.hooks.handbuilt.InductionFolder`; a test keeps the folder equal to what that writes.
            Licence: Apache-2.0, as the rest of the project.
            """;

    private InductionFolder() {}

    /**
     * Writes the folder given as the only argument.
     *
     * @param arguments where to
     */
    public static void main(String[] arguments) {
        write(Path.of(arguments[0]));
    }

    /**
     * Writes the model.
     *
     * @param folder where to; made when missing, files of the same names are replaced
     * @throws org.headscope.hooks.HeadscopeException when a file cannot be written
     */
    public static void write(Path folder) {
        try (HookedTransformer model = InductionModel.create()) {
            NativeModelWriter.write(folder, model.config(), model.weights());
        }
        AtomicFile.writeText(folder.resolve("tokenizer.json"), text(tokenizer()));
        AtomicFile.writeText(folder.resolve("tokenizer_config.json"), text(tokenizerConfig()));
        AtomicFile.writeText(folder.resolve("headscope.json"), text(start()));
        AtomicFile.writeText(folder.resolve("README.md"), CARD);
    }

    /** What the window begins with. */
    private static ObjectNode start() {
        return JSON.createObjectNode()
                .put("prompt", "apple bird cloud door apple bird cloud")
                .put("about", "Two layers built by hand to continue repeated words; every score is known beforehand.");
    }

    /** Words are split at blanks and written small; every text starts with the first token. */
    private static ObjectNode tokenizer() {
        String bos = InductionModel.WORDS.get(0);
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        root.putArray("added_tokens")
                .addObject()
                .put("id", 0)
                .put("content", bos)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        root.putObject("normalizer").put("type", "Lowercase");
        root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        root.set("post_processor", startsWith(bos));
        root.putNull("decoder");
        ObjectNode model = root.putObject("model").put("type", "WordLevel");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < InductionModel.WORDS.size(); id++) {
            vocabulary.put(InductionModel.WORDS.get(id), id);
        }
        model.put("unk_token", "<unk>");
        return root;
    }

    private static ObjectNode startsWith(String bos) {
        ObjectNode template = JSON.createObjectNode().put("type", "TemplateProcessing");
        for (String kind : new String[] {"single", "pair"}) {
            var parts = template.putArray(kind);
            parts.addObject().putObject("SpecialToken").put("id", bos).put("type_id", 0);
            parts.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            if (kind.equals("pair")) {
                parts.addObject().putObject("Sequence").put("id", "B").put("type_id", 0);
            }
        }
        ObjectNode special = template.putObject("special_tokens").putObject(bos).put("id", bos);
        special.putArray("ids").add(0);
        special.putArray("tokens").add(bos);
        return template;
    }

    private static ObjectNode tokenizerConfig() {
        return JSON.createObjectNode()
                .put("bos_token", InductionModel.WORDS.get(0))
                .put("add_bos_token", true)
                .put("model_max_length", 64)
                .put("tokenizer_class", "PreTrainedTokenizerFast");
    }

    private static String text(ObjectNode json) {
        try {
            return JSON.writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
