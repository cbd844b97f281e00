package org.headscope.app.text;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.slf4j.LoggerFactory;

/** The one way to the texts in {@code messages.properties}. Keys are written out in code so that a test can find them. */
public final class Messages {
    private static final ResourceBundle BUNDLE = ResourceBundle.getBundle("org.headscope.app.messages", Locale.ROOT);

    private Messages() {}

    /**
     * Finds a text and fills its gaps.
     *
     * @param key its name in the bundle
     * @param arguments what goes into {@code {0}}, {@code {1}}, …; numbers should be formatted by the caller
     * @return the text, or the key itself between marks when it is missing, which a test would have found
     */
    public static String get(String key, Object... arguments) {
        try {
            String text = BUNDLE.getString(key);
            return arguments.length == 0 ? text : new MessageFormat(text, Locale.ROOT).format(arguments);
        } catch (MissingResourceException e) {
            LoggerFactory.getLogger(Messages.class).warn("No text named {}", key, e);
            return "‹" + key + "›";
        }
    }

    /** @return whether the bundle has a text of that name */
    public static boolean has(String key) {
        return BUNDLE.containsKey(key);
    }
}
