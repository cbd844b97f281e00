package org.headscope.app.detectview;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.jspecify.annotations.Nullable;

/** Every head of the model, and every score that is known of them. */
public final class ScoreBoard {
    private final ObservableList<GridCell> heads = FXCollections.observableArrayList();
    private final ObservableList<Score> scores = FXCollections.observableArrayList();
    private final ObservableList<String> keys = FXCollections.observableArrayList();

    /** All heads, layer by layer. */
    public ObservableList<GridCell> heads() {
        return heads;
    }

    /** What is known, in the order in which it was first measured. */
    public ObservableList<Score> scores() {
        return scores;
    }

    /** The keys of the scores, in the same order. */
    public ObservableList<String> keys() {
        return keys;
    }

    /** @return the score of a key */
    public Optional<Score> score(String key) {
        return scores.stream().filter(score -> score.key().equals(key)).findFirst();
    }

    /** @return what to call a score; with its method when two have the same title */
    public String name(String key) {
        Score named = score(key).orElse(null);
        if (named == null) {
            return "";
        }
        boolean alone = scores.stream()
                        .filter(score -> score.title().equals(named.title()))
                        .count()
                == 1;
        return alone
                ? named.title()
                : Messages.get(
                        "detect.score.of",
                        named.title(),
                        named.call().analysis().info().name());
    }

    void modelChanged(@Nullable OpenModel model) {
        scores.clear();
        keys.clear();
        if (model == null) {
            heads.clear();
        } else {
            int perLayer = model.dims().heads();
            heads.setAll(IntStream.range(0, model.dims().layers() * perLayer)
                    .mapToObj(i -> new GridCell(i / perLayer, i % perLayer))
                    .toList());
        }
    }

    /** Takes new numbers, in the place of older ones of the same score. */
    void put(List<Score> fresh) {
        List<Score> all = new ArrayList<>(scores);
        for (Score score : fresh) {
            int at = keys.indexOf(score.key());
            if (at < 0) {
                keys.add(score.key());
                all.add(score);
            } else {
                all.set(at, score);
            }
        }
        scores.setAll(all);
    }
}
