package org.headscope.app.attributeview;

import java.time.Duration;
import java.util.function.Consumer;
import org.headscope.app.history.HistoryRecorder;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobProgress;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.BackgroundRun;
import org.headscope.app.workbench.Services;

/** Answers the newest question; one that was asked by hand is kept in the history, those of a prompt being typed are not. */
final class AttributionRun extends BackgroundRun {
    private static final Duration TYPING_PAUSE = Duration.ofMillis(150);

    private final Services services;
    private final Attributor attributor;
    private final Consumer<Attribution> show;
    private double millis;

    private record Timed(Attribution found, double millis) {}

    AttributionRun(Services services, Consumer<Attribution> show) {
        super(services.jobs());
        this.services = services;
        this.attributor = new Attributor(services.analyses());
        this.show = show;
    }

    /** How long the last answer took, 0 before the first on a model. */
    double millis() {
        return millis;
    }

    /** Answers in place of an older question and keeps the runs. */
    void start(Question question) {
        submit(question, services.recorder(), Duration.ZERO);
    }

    /** Answers once nothing newer came for a moment; keeps nothing. */
    void follow(Question question) {
        submit(question, HistoryRecorder.off(), TYPING_PAUSE);
    }

    private void submit(Question question, HistoryRecorder recorder, Duration pause) {
        submit(
                pause,
                Job.<Timed>of(Messages.get("attribute.running"), context -> {
                    long start = System.nanoTime();
                    Attribution found = attributor.answer(question, recorder, new JobProgress(context, panel -> {}));
                    return new Timed(found, (System.nanoTime() - start) / 1e6);
                }),
                this::take);
    }

    private void take(Timed done) {
        tellError("");
        millis = done.millis();
        tellCommand(attributor.commands(done.found()));
        show.accept(done.found());
    }

    @Override
    public void clear() {
        super.clear();
        millis = 0;
    }
}
