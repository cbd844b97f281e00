package org.headscope.analysis.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.headscope.hooks.io.AtomicFile;

/** Writes a vocabulary as a tokenizer in the format of Hugging Face: the longest known words, bytes for the rest. */
final class TokenizerFolder {
    private static final JsonMapper JSON = new JsonMapper();
    /** Every token costs the same, so that the split with the fewest tokens wins. */
    private static final double COST = -10;
    /** Letters and bytes are a last resort. */
    private static final double SPELLED = -20;

    private final Vocabulary vocabulary;

    TokenizerFolder(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    void write(Path folder, int context) {
        save(folder.resolve("tokenizer.json"), tokenizer());
        ObjectNode config = JSON.createObjectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("bos_token", Vocabulary.BOS);
        config.put("unk_token", Vocabulary.UNKNOWN);
        config.put("add_bos_token", true);
        config.put("clean_up_tokenization_spaces", false);
        config.put("model_max_length", context);
        save(folder.resolve("tokenizer_config.json"), config);
    }

    static void save(Path file, ObjectNode json) {
        byte[] text = (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(text));
    }

    private ObjectNode tokenizer() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        special(added, 0, Vocabulary.BOS);
        special(added, 1, Vocabulary.UNKNOWN);
        ArrayNode normalizers =
                root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        ObjectNode blanks = normalizers.addObject().put("type", "Replace").put("content", " ");
        blanks.putObject("pattern").put("Regex", "\\s+");
        normalizers.addObject().put("type", "Strip").put("strip_left", true).put("strip_right", true);
        metaspace(root.putObject("pre_tokenizer")).put("split", true);
        template(root.putObject("post_processor"));
        decoder(root.putObject("decoder"));
        model(root.putObject("model"));
        return root;
    }

    private static void special(ArrayNode added, int id, String content) {
        added.addObject()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static ObjectNode metaspace(ObjectNode node) {
        return node.put("type", "Metaspace")
                .put("replacement", Vocabulary.BLANK)
                .put("prepend_scheme", "always");
    }

    private static void template(ObjectNode node) {
        node.put("type", "TemplateProcessing");
        ArrayNode single = node.putArray("single");
        bos(single);
        sequence(single, "A");
        ArrayNode pair = node.putArray("pair");
        bos(pair);
        sequence(pair, "A");
        sequence(pair, "B");
        ObjectNode bos = node.putObject("special_tokens").putObject(Vocabulary.BOS);
        bos.put("id", Vocabulary.BOS).putArray("ids").add(0);
        bos.putArray("tokens").add(Vocabulary.BOS);
    }

    private static void bos(ArrayNode template) {
        template.addObject().putObject("SpecialToken").put("id", Vocabulary.BOS).put("type_id", 0);
    }

    private static void sequence(ArrayNode template, String id) {
        template.addObject().putObject("Sequence").put("id", id).put("type_id", 0);
    }

    private static void decoder(ObjectNode node) {
        ArrayNode steps = node.put("type", "Sequence").putArray("decoders");
        ObjectNode blanks = steps.addObject().put("type", "Replace").put("content", " ");
        blanks.putObject("pattern").put("String", Vocabulary.BLANK);
        steps.addObject().put("type", "ByteFallback");
        steps.addObject().put("type", "Fuse");
        steps.addObject()
                .put("type", "Strip")
                .put("content", " ")
                .put("start", 1)
                .put("stop", 0);
    }

    private void model(ObjectNode node) {
        node.put("type", "Unigram").put("unk_id", 1).put("byte_fallback", true);
        ArrayNode pieces = node.putArray("vocab");
        for (String token : vocabulary.tokens()) {
            pieces.addArray()
                    .add(token)
                    .add(token.length() == 1 && Character.isLetter(token.charAt(0)) ? SPELLED : COST);
        }
    }
}
