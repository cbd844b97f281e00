package org.headscope.app.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails every window test during which JavaFX complained about a style sheet. */
public final class CssWarnings implements BeforeEachCallback, AfterEachCallback {
    private static final Logger CSS = Logger.getLogger("javafx.css");
    private static final List<String> HEARD = Collections.synchronizedList(new ArrayList<>());
    private static final Handler EAR = new Ear();

    @Override
    public void beforeEach(ExtensionContext context) {
        CSS.removeHandler(EAR);
        CSS.addHandler(EAR);
        HEARD.clear();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(heard()).as("warnings about style sheets").isEmpty();
    }

    /** @return what JavaFX has complained about in this test so far; emptied by the call */
    public static List<String> heard() {
        List<String> now = List.copyOf(HEARD);
        HEARD.clear();
        return now;
    }

    private static final class Ear extends Handler {
        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                HEARD.add(record.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
