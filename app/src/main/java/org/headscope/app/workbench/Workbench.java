package org.headscope.app.workbench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javafx.beans.property.LongProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleLongProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.spi.Prompt;
import org.headscope.app.control.token.TokenStripModel;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.hooks.tokens.BosPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What is on the table: the model, the prompt and its base run, the mask, and the head that is looked at. A failure leaves
 * everything as it was and says why beside the field that caused it. Used on the window's thread.
 */
public final class Workbench implements AutoCloseable {
    private static final Duration TYPING_PAUSE = Duration.ofMillis(250);
    private static final String OPEN = "open";
    private static final String PROMPT = "prompt";

    private final Services services;
    private final LatestJob latest;
    private final ReadOnlyObjectWrapper<@Nullable OpenModel> model = new ReadOnlyObjectWrapper<>(this, "model");
    private final ReadOnlyBooleanWrapper opening = new ReadOnlyBooleanWrapper(this, "opening");
    private final ReadOnlyStringWrapper modelError = new ReadOnlyStringWrapper(this, "modelError", "");
    private String startPrompt = "";
    private final StringProperty prompt = new SimpleStringProperty(this, "prompt", "");
    private final ObjectProperty<BosPolicy> bos = new SimpleObjectProperty<>(this, "bos", BosPolicy.AUTO);
    private final StringProperty resample = new SimpleStringProperty(this, "resample", "");
    private final ReadOnlyStringWrapper promptError = new ReadOnlyStringWrapper(this, "promptError", "");
    private final ReadOnlyObjectWrapper<@Nullable LiveRun> run = new ReadOnlyObjectWrapper<>(this, "run");
    private final TokenStripModel tokens = new TokenStripModel();
    private final ObjectProperty<@Nullable HeadMask> mask = new SimpleObjectProperty<>(this, "mask");
    private final ObjectProperty<@Nullable MaskUnit> head = new SimpleObjectProperty<>(this, "head");
    private final LongProperty seed = new SimpleLongProperty(this, "seed");
    private final Navigation navigation = new Navigation();
    private final Edits edits;

    /** @param services what to work with */
    public Workbench(Services services) {
        this.services = services;
        this.latest = new LatestJob(services.jobs());
        prompt.subscribe((before, now) -> runPrompt(TYPING_PAUSE));
        bos.subscribe((before, now) -> runPrompt(Duration.ZERO));
        edits = new Edits(this, System::nanoTime);
    }

    public Services services() {
        return services;
    }

    /** The open model, null before the first. */
    public ReadOnlyObjectProperty<@Nullable OpenModel> modelProperty() {
        return model.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty openingProperty() {
        return opening.getReadOnlyProperty();
    }

    /** Why the model asked for last could not be opened, empty when it could. */
    public ReadOnlyStringProperty modelErrorProperty() {
        return modelError.getReadOnlyProperty();
    }

    /** The prompt as it is typed: text, or {@code ids:1,2,3}. */
    public StringProperty promptProperty() {
        return prompt;
    }

    /** The prompt, as it is typed, that masked parts take their activations from when they are resampled. */
    public StringProperty resampleProperty() {
        return resample;
    }

    public ObjectProperty<BosPolicy> bosProperty() {
        return bos;
    }

    /** Why the prompt as typed could not be run, empty when it was. */
    public ReadOnlyStringProperty promptErrorProperty() {
        return promptError.getReadOnlyProperty();
    }

    /** The last prompt that fitted the model, run and kept; null before the first. */
    public ReadOnlyObjectProperty<@Nullable LiveRun> runProperty() {
        return run.getReadOnlyProperty();
    }

    /** The tokens of that prompt and the position looked at. */
    public TokenStripModel tokens() {
        return tokens;
    }

    /** What is masked; null without a model. */
    public ObjectProperty<@Nullable HeadMask> maskProperty() {
        return mask;
    }

    /** The head that is looked at in every view. */
    public ObjectProperty<@Nullable MaskUnit> headProperty() {
        return head;
    }

    /** For everything random in analyses. */
    public LongProperty seedProperty() {
        return seed;
    }

    /** Brings views to the front. */
    public Navigation navigation() {
        return navigation;
    }

    /** Steps back and forth through what was done to mask, prompt and settings. */
    public Edits edits() {
        return edits;
    }

    /**
     * What holds around a run that starts now: the mask, the policy and the seed as they are set.
     *
     * @param on the model it runs on
     */
    public RunSettings settings(OpenModel on) {
        HeadMask now = mask.get();
        HeadMask holds = now != null && now.shape().equals(on.maskShape()) ? now : HeadMask.none(on.maskShape());
        return settings(holds);
    }

    /**
     * The same under another mask.
     *
     * @param other what is masked
     */
    public RunSettings settings(HeadMask other) {
        return new RunSettings(bos.get(), other, new MaskSources(prompt.get(), resample.get()), seed.get());
    }

    /**
     * Opens a model in the background. The one that is open stays until the new one is there.
     *
     * @param path its folder or weights file
     */
    public void open(Path path) {
        opening.set(true);
        modelError.set("");
        latest.submit(
                OPEN,
                Job.<OpenModel>of(Messages.get("workbench.opening", name(path)), context -> OpenModel.load(path))
                        .whenDone(opened -> {
                            opening.set(false);
                            show(opened);
                        })
                        .whenFailed(failure -> {
                            opening.set(false);
                            modelError.set(FailureText.of(failure).message());
                        }));
    }

    /** Takes a model that is open already; its start prompt is put in unless something was typed. */
    public void show(OpenModel opened) {
        OpenModel before = model.get();
        LiveRun ran = run.get();
        tokens.tokensProperty().set(List.of());
        head.set(null);
        run.set(null);
        mask.set(HeadMask.none(opened.maskShape()));
        begin(opened.card().prompt());
        model.set(opened);
        runPrompt(Duration.ZERO);
        discard(ran, before);
    }

    private void begin(String start) {
        boolean untouched = prompt.get().isBlank() || prompt.get().equals(startPrompt);
        if (untouched && !start.isBlank()) {
            startPrompt = start;
            prompt.set(start);
        }
    }

    private void runPrompt(Duration pause) {
        OpenModel on = model.get();
        String line = prompt.get();
        promptError.set("");
        if (on == null || line.isBlank()) {
            latest.cancel(PROMPT);
            return;
        }
        BosPolicy policy = bos.get();
        latest.submit(
                PROMPT,
                pause,
                Job.<LiveRun>of(
                                Messages.get("workbench.running"),
                                context -> LiveRun.of(on, Prompt.parse(line), policy))
                        .whenDone(this::show)
                        .whenFailed(failure ->
                                promptError.set(FailureText.of(failure).message())));
    }

    private void show(LiveRun fresh) {
        LiveRun before = run.get();
        tokens.tokensProperty().set(fresh.strings());
        run.set(fresh);
        discard(before);
    }

    /** Closing waits for jobs, so it is a job itself. */
    private void discard(@Nullable AutoCloseable... old) {
        services.jobs().submit(Job.of(Messages.get("workbench.closing"), context -> {
            for (AutoCloseable one : old) {
                if (one != null) {
                    one.close();
                }
            }
            return true;
        }));
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** Stops what runs and frees the model when the last job has let go of it. */
    @Override
    public void close() {
        latest.cancelAll();
        discard(run.get(), model.get());
    }
}
