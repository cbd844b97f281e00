package org.headscope.app.historyview;

import java.nio.file.Path;
import java.util.Locale;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.analysis.store.StoredRun;

/** A run in the list, with the note on it, which changes while it is typed. */
public final class HistoryRow {
    private final StoredRun run;
    private final StringProperty note;

    HistoryRow(StoredRun run, String note) {
        this.run = run;
        this.note = new SimpleStringProperty(this, "note", note);
    }

    /** @return the run, without its result */
    public StoredRun run() {
        return run;
    }

    /** What a person wrote about it. */
    public StringProperty noteProperty() {
        return note;
    }

    String model() {
        return modelName(run.spec().model().path());
    }

    String status() {
        return run.state().status().name().toLowerCase(Locale.ROOT);
    }

    /** A model by the last part of its path. */
    static String modelName(String path) {
        Path name = Path.of(path).getFileName();
        return name == null ? path : name.toString();
    }
}
