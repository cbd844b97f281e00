package org.headscope.app.palette;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/** What is typed, and what fits it, best first. */
public final class PaletteModel {
    private static final int MOST = 60;

    private final List<Function<String, List<PaletteEntry>>> sources = new ArrayList<>();
    private final StringProperty typed = new SimpleStringProperty(this, "typed", "");
    private final ObservableList<PaletteEntry> matches = FXCollections.observableArrayList();

    private record Scored(PaletteEntry entry, int score) {}

    /** An empty palette. */
    public PaletteModel() {
        typed.subscribe(this::find);
    }

    /** @param source what there is, given what is typed; asked anew every time */
    public void add(Function<String, List<PaletteEntry>> source) {
        sources.add(source);
    }

    public StringProperty typedProperty() {
        return typed;
    }

    /** What fits, best first. */
    public ObservableList<PaletteEntry> matches() {
        return matches;
    }

    /** Begins with nothing typed. */
    public void open() {
        typed.set("");
        find();
    }

    private void find() {
        String letters = typed.get().strip();
        List<Scored> found = new ArrayList<>();
        for (Function<String, List<PaletteEntry>> source : sources) {
            for (PaletteEntry entry : source.apply(letters)) {
                LetterMatch.score(letters, entry.label()).ifPresent(score -> found.add(new Scored(entry, score)));
            }
        }
        if (!letters.isEmpty()) {
            found.sort(Comparator.comparingInt(Scored::score).reversed());
        }
        matches.setAll(found.stream().limit(MOST).map(Scored::entry).toList());
    }
}
