package org.headscope.app.lensview;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.headscope.analysis.reading.TrainedLens;
import org.headscope.analysis.reading.TunedLens;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobProgress;
import org.headscope.app.job.JobRunner;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;

/** Trains one lens at a time. */
public final class LensTrainer {
    private static final String TRAIN = "train";
    private final LatestJob latest;
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(this, "running");
    private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper(this, "progress", Job.UNKNOWN);
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper(this, "message", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");

    LensTrainer(JobRunner jobs) {
        this.latest = new LatestJob(jobs);
    }

    public ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    /** Share done, negative when unknown. */
    public ReadOnlyDoubleProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    public ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    /** Why there is no lens, empty when there is one or none was asked for. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Trains for a key, as the analysis does by default. */
    void start(LensShelf.Key key, Consumer<TrainedLens> done) {
        error.set("");
        message.set("");
        progress.set(Job.UNKNOWN);
        running.set(true);
        latest.submit(
                TRAIN,
                Job.<TrainedLens>of(
                                Messages.get("lens.training"),
                                context -> train(key, new JobProgress(context, panel -> {})))
                        .whenChanged(job -> {
                            progress.set(job.progress());
                            message.set(job.message());
                        })
                        .whenDone(lens -> {
                            running.set(false);
                            done.accept(lens);
                        })
                        .whenFailed(failure -> {
                            running.set(false);
                            error.set(FailureText.of(failure).message());
                        }));
    }

    private static TrainedLens train(LensShelf.Key key, JobProgress progress) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("prompt", "ids:0"); // what is read later has no part in training
        if (!key.text().isBlank()) {
            texts.put("text", key.text());
        }
        TunedLens.Parameters how =
                ParameterBinder.of(TunedLens.Parameters.class).bind(texts);
        return key.model().use(open -> TrainedLens.train(key.settings().context(open), how, progress));
    }

    /** Stops; nothing of the lens is kept. */
    public void cancel() {
        latest.cancel(TRAIN);
        running.set(false);
    }

    void clear() {
        cancel();
        error.set("");
    }
}
