package org.headscope.analysis.spi;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.headscope.hooks.HeadscopeException;

/** What a person gives a model to read: text for its tokenizer, or token ids for exact control. */
public sealed interface Prompt {
    /**
     * Text, leading blanks included.
     *
     * @param text the text
     */
    record Text(String text) implements Prompt {}

    /**
     * Token ids, taken as they are: no beginning-of-sequence token is added.
     *
     * @param ids the ids, {@code [pos]}
     */
    record Ids(List<Integer> ids) implements Prompt {
        /** Copies the ids. */
        public Ids {
            ids = List.copyOf(ids);
        }
    }

    /** In front of token ids. */
    String IDS_PREFIX = "ids:";
    /** In front of text that itself begins with one of the two prefixes. */
    String TEXT_PREFIX = "text:";

    /**
     * Reads the one-line form: {@code ids:1,2,3}, or text; {@code text:} in front is dropped.
     *
     * @param line what was typed
     * @return the prompt
     * @throws HeadscopeException when an id is not a whole number
     */
    static Prompt parse(String line) {
        if (line.startsWith(IDS_PREFIX)) {
            return ids(line);
        }
        return new Text(line.startsWith(TEXT_PREFIX) ? line.substring(TEXT_PREFIX.length()) : line);
    }

    private static Ids ids(String line) {
        try {
            return new Ids(Arrays.stream(line.substring(IDS_PREFIX.length()).split(",", -1))
                    .map(id -> Integer.valueOf(id.strip()))
                    .toList());
        } catch (NumberFormatException e) {
            throw new HeadscopeException(
                    "Token ids are whole numbers separated by commas, such as ids:1,5,7; \"" + line
                            + "\" is not written so. Correct it, or put text: in front if it is text.",
                    e);
        }
    }

    /** {@return the one-line form, so that {@code parse(p.line())} equals {@code p}} */
    default String line() {
        if (this instanceof Ids given) {
            return given.ids().stream().map(String::valueOf).collect(Collectors.joining(",", IDS_PREFIX, ""));
        }
        String text = ((Text) this).text();
        return text.startsWith(IDS_PREFIX) || text.startsWith(TEXT_PREFIX) ? TEXT_PREFIX + text : text;
    }
}
