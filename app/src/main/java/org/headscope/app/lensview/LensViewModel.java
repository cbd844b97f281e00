package org.headscope.app.lensview;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.reading.LensTable;
import org.headscope.analysis.reading.TrainedLens;
import org.headscope.analysis.spi.Prompt;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobProgress;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** The state of the lens view: the prompt on the table, read at every layer under the mask that holds. */
public final class LensViewModel {
    private static final String READ = "read";
    private static final Duration TYPING_PAUSE = Duration.ofMillis(250);

    private final Workbench bench;
    private final LatestJob latest;
    private final LensShelf shelf;
    private final LensTrainer trainer;
    private final LensPicture picture = new LensPicture();
    private final ObjectProperty<LensKind> kind = new SimpleObjectProperty<>(this, "kind", LensKind.LOGIT);
    private final StringProperty token = new SimpleStringProperty(this, "token", "");
    private final StringProperty trainText = new SimpleStringProperty(this, "trainText", "");
    private final ReadOnlyObjectWrapper<@Nullable TrainedLens> lens = new ReadOnlyObjectWrapper<>(this, "lens");
    private final ReadOnlyBooleanWrapper untrained = new ReadOnlyBooleanWrapper(this, "untrained");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private @Nullable Reading shown;
    private boolean watched = true;

    /** What was read, next to the token that was looked for. */
    private record Asked(LiveRun run, HeadMask mask, @Nullable TrainedLens lens) {}

    /**
     * What is in sight, which a token that is none or a reading that goes on leaves there.
     *
     * @param asked what was read
     * @param token what was looked for in it, as it was typed
     * @param seed the seed of then
     */
    private record Reading(Asked asked, String token, long seed) {}

    /** @param bench what all views share */
    public LensViewModel(Workbench bench) {
        this.bench = bench;
        this.latest = new LatestJob(bench.services().jobs());
        this.shelf = new LensShelf(bench.services().jobs());
        this.trainer = new LensTrainer(bench.services().jobs());
        bench.modelProperty().subscribe((before, now) -> modelChanged());
        bench.runProperty().subscribe((before, now) -> read(Duration.ZERO));
        bench.maskProperty().subscribe((before, now) -> read(Duration.ZERO));
        bench.seedProperty().subscribe((before, now) -> read(Duration.ZERO));
        kind.subscribe((before, now) -> read(Duration.ZERO));
        trainText.subscribe((before, now) -> read(Duration.ZERO));
        token.subscribe((before, now) -> read(TYPING_PAUSE));
        read(Duration.ZERO);
    }

    Workbench bench() {
        return bench;
    }

    /** What is seen. */
    public LensPicture picture() {
        return picture;
    }

    public LensTrainer trainer() {
        return trainer;
    }

    public ObjectProperty<LensKind> kindProperty() {
        return kind;
    }

    /** The token that is looked for, with its leading space or as an id; empty for what the model itself says. */
    public StringProperty tokenProperty() {
        return token;
    }

    /** What the tuned lens is trained on; empty for examples of tasks. */
    public StringProperty trainTextProperty() {
        return trainText;
    }

    /** The tuned lens that is looked through; null for the logit lens, or while there is none. */
    public ReadOnlyObjectProperty<@Nullable TrainedLens> lensProperty() {
        return lens.getReadOnlyProperty();
    }

    /** Whether a tuned lens is wanted that has to be trained first. */
    public ReadOnlyBooleanProperty untrainedProperty() {
        return untrained.getReadOnlyProperty();
    }

    /** Why the prompt could not be read, empty when it was. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** While nobody looks, nothing is read; what changed meanwhile is read when somebody does. */
    public void watch(boolean now) {
        if (watched != now) {
            watched = now;
            read(Duration.ZERO);
        }
    }

    /** Trains the tuned lens for what is on the table, and looks through it. */
    public void train() {
        LensShelf.Key wanted = key();
        if (wanted != null) {
            trainer.start(wanted, trained -> {
                shelf.put(wanted, trained);
                read(Duration.ZERO);
            });
        }
    }

    private LensShelf.@Nullable Key key() {
        OpenModel model = bench.modelProperty().get();
        if (model == null) {
            return null;
        }
        return new LensShelf.Key(model, bench.settings(model), trainText.get());
    }

    private void modelChanged() {
        latest.cancel(READ);
        trainer.clear();
        shelf.clear();
        lens.set(null);
        untrained.set(false);
        error.set("");
        clear();
    }

    private void clear() {
        shown = null;
        picture.show(null);
    }

    private void read(Duration pause) {
        LiveRun run = bench.runProperty().get();
        LensShelf.Key wanted = key();
        latest.cancel(READ);
        if (!watched) {
            return;
        }
        if (run == null || wanted == null || run.model() != wanted.model()) {
            clear();
            return;
        }
        TrainedLens through = kind.get() == LensKind.TUNED ? shelf.get(wanted) : null;
        lens.set(through);
        untrained.set(kind.get() == LensKind.TUNED && through == null);
        if (untrained.get()) {
            clear();
            return;
        }
        read(
                new Asked(run, wanted.settings().mask(), through),
                token.get(),
                wanted.settings().seed(),
                pause);
    }

    private void read(Asked asked, String line, long seed, Duration pause) {
        RunSettings settings = asked.run().settings(asked.mask(), seed);
        latest.submit(
                READ,
                pause,
                Job.<LensTable>of(Messages.get("lens.reading"), context -> {
                            Prompt answer = line.isBlank() ? null : Prompt.parse(line);
                            return asked.run()
                                    .model()
                                    .use(open -> LensTable.read(
                                            settings.context(open),
                                            asked.run().prompt(),
                                            answer,
                                            asked.lens(),
                                            new JobProgress(context, panel -> {})));
                        })
                        .whenDone(table -> {
                            error.set("");
                            shown = new Reading(asked, line, seed);
                            picture.show(table);
                        })
                        .whenFailed(failure -> refuse(asked, failure)));
    }

    /** A token that is not one is no reason to take away what was read; another mask or prompt is. */
    private void refuse(Asked asked, Throwable failure) {
        error.set(FailureText.of(failure).message());
        if (shown == null || !shown.asked().equals(asked)) {
            clear();
        }
    }

    /** The run that gives what is in sight; empty while nothing is. */
    Optional<AnalysisCall> call() {
        return Optional.ofNullable(shown).map(reading -> {
            Asked asked = reading.asked();
            boolean tuned = asked.lens() != null;
            Map<String, String> more = new HashMap<>();
            if (!reading.token().isBlank()) {
                more.put("answer", reading.token());
            }
            if (tuned && !trainText.get().isBlank()) {
                more.put("text", trainText.get());
            }
            var analysis = bench.services().analyses().get(tuned ? "tuned-lens" : "logit-lens");
            return asked.run().call(analysis, asked.mask(), reading.seed(), more);
        });
    }

    /** How near the trained lens comes to the model on texts it was not trained on, in words. */
    String quality() {
        TrainedLens through = lens.get();
        return through == null
                ? ""
                : Messages.get("lens.quality", mean(through.heldOutBits()), mean(through.logitLensBits()));
    }

    /** The last stream is the model itself and has no part in the mean. */
    private static String mean(List<Double> bits) {
        double mean = bits.stream()
                .limit(bits.size() - 1L)
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NaN);
        return Ticks.format(mean);
    }
}
