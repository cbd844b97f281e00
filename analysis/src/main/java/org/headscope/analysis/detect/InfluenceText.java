package org.headscope.analysis.detect;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.tokens.TextTokenizer;

/**
 * A text to score.
 *
 * @param domain what it is compared within
 * @param text the text
 * @param ids its token ids, cut to the wanted length
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to the model, never compared
record InfluenceText(String domain, String text, int[] ids) {
    /** One text per line of a file; in front of a tab stands its domain, without one it belongs to the file's. */
    static List<InfluenceText> read(AnalysisContext context, String file, int tokens) {
        List<InfluenceText> texts = new ArrayList<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank()) {
                continue;
            }
            int tab = line.indexOf('\t');
            String domain = tab < 0
                    ? String.valueOf(Path.of(file).getFileName())
                    : line.substring(0, tab).strip();
            texts.add(of(context, domain, line.substring(tab + 1), tokens, "Line " + (i + 1) + " of " + file));
        }
        if (texts.isEmpty()) {
            throw ParameterException.refused("file", file, "a file with at least one text, one per line");
        }
        return texts;
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
        } catch (MalformedInputException e) {
            throw new HeadscopeException(file + " is not text in UTF-8. Convert it, one text per line.", e);
        } catch (IOException | InvalidPathException e) {
            throw new HeadscopeException(
                    "The texts in " + file + " could not be read: " + e.getMessage()
                            + ". Give a text file with one text per line.",
                    e);
        }
    }

    /** What the bundled model learned tasks from, of combinations it never saw: one domain per task. */
    static List<InfluenceText> make(AnalysisContext context, List<String> tasks, int count, int tokens) {
        TaskEncoder encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        List<InfluenceText> texts = new ArrayList<>();
        for (String task : tasks) {
            String id = task.strip();
            for (EncodedExample one : encoder.draw(TaskRegistry.require(id), Split.HELD_OUT, count, context.seed())) {
                texts.add(of(context, id, one.example().passage().text(), tokens, "A text of task " + id));
            }
        }
        if (texts.isEmpty()) {
            throw ParameterException.refused("tasks", "", "a file of texts, or at least one task");
        }
        return texts;
    }

    private static InfluenceText of(AnalysisContext context, String domain, String text, int tokens, String where) {
        TextTokenizer tokenizer = context.model().tokenizer();
        if (tokenizer == null) {
            throw new HeadscopeException("Texts are scored in words, but this model takes token ids only."
                    + " Open a model whose folder has a tokenizer.json.");
        }
        int[] ids = tokenizer.encode(text, context.prompts().bos()).ids();
        if (ids.length < 2) {
            throw new HeadscopeException(
                    where + " has a single token, so no next token can be predicted. Leave it out.");
        }
        int most = Math.min(tokens, context.model().config().dims().context());
        return new InfluenceText(domain, text, Arrays.copyOf(ids, Math.min(ids.length, most)));
    }
}
