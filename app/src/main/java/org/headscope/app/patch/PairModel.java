package org.headscope.app.patch;

import java.time.Duration;
import java.util.List;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.StringProperty;
import org.headscope.app.control.token.TokenPairModel;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;

/** The two prompts as they are typed, aligned as soon as the typing pauses. */
public final class PairModel {
    private static final String PAIR = "pair";
    private static final Duration TYPING_PAUSE = Duration.ofMillis(250);

    private final Workbench bench;
    private final StringProperty clean;
    private final StringProperty corrupt;
    private final LatestJob latest;
    private final TokenPairModel tokens = new TokenPairModel();
    private final ReadOnlyStringWrapper words = new ReadOnlyStringWrapper(this, "words", "");
    private final ReadOnlyBooleanWrapper aligned = new ReadOnlyBooleanWrapper(this, "aligned", true);

    PairModel(Workbench bench, StringProperty clean, StringProperty corrupt) {
        this.bench = bench;
        this.clean = clean;
        this.corrupt = corrupt;
        this.latest = new LatestJob(bench.services().jobs());
        List.of(clean, corrupt).forEach(text -> text.subscribe((before, now) -> compare(TYPING_PAUSE)));
        bench.bosProperty().subscribe((before, now) -> compare(Duration.ZERO));
        bench.modelProperty().subscribe(model -> compare(Duration.ZERO));
    }

    /** The tokens of both, one above the other. */
    public TokenPairModel tokens() {
        return tokens;
    }

    /** How the prompts compare, or why they cannot be read. */
    public ReadOnlyStringProperty wordsProperty() {
        return words.getReadOnlyProperty();
    }

    /** Whether both prompts have equally many tokens. */
    public ReadOnlyBooleanProperty alignedProperty() {
        return aligned.getReadOnlyProperty();
    }

    private void compare(Duration pause) {
        OpenModel model = bench.modelProperty().get();
        String first = clean.get();
        String second = corrupt.get();
        if (model == null || first.isBlank() || second.isBlank()) {
            latest.cancel(PAIR);
            tokens.pairProperty().set(TokenPairModel.Pair.EMPTY);
            words.set("");
            aligned.set(true);
            return;
        }
        latest.submit(
                PAIR,
                pause,
                Job.<PromptPair>of(
                                Messages.get("patch.comparing"),
                                context ->
                                        PromptPair.of(model, bench.bosProperty().get(), first, second))
                        .whenDone(this::show)
                        .whenFailed(failure -> {
                            aligned.set(false);
                            words.set(FailureText.of(failure).message());
                        }));
    }

    private void show(PromptPair pair) {
        tokens.pairProperty().set(pair.shown());
        aligned.set(pair.aligned());
        words.set(pair.explain());
    }
}
