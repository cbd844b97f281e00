package org.headscope.app.lessonview;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.app.analyses.AnalysesViewModel;
import org.headscope.app.attention.AttentionViewModel;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.explore.ExploreViewModel;
import org.headscope.app.files.UserHome;
import org.headscope.app.form.FormViewModel;
import org.headscope.app.job.Job;
import org.headscope.app.job.LatestJob;
import org.headscope.app.lesson.Computation;
import org.headscope.app.lesson.Lesson;
import org.headscope.app.lesson.LessonProgress;
import org.headscope.app.lesson.LessonProgress.Mark;
import org.headscope.app.lesson.LessonShelf;
import org.headscope.app.lesson.LessonShelf.Entry;
import org.headscope.app.lesson.Step.Show;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** The lessons there are, which one is open, and how far each has come. */
public final class LessonsViewModel {
    private static final String LIST = "list";
    private static final String SAVE = "save";

    private final Tools tools;
    private final LessonShelf shelf;
    private final UserHome home;
    private final LatestJob latest;
    private final BenchKeeper keeper;
    private final ObservableList<Entry> entries = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable LessonSession> session = new ReadOnlyObjectWrapper<>(this, "session");
    private final ReadOnlyObjectWrapper<LessonProgress> progress =
            new ReadOnlyObjectWrapper<>(this, "progress", LessonProgress.NONE);
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private final AtomicReference<LessonProgress> unsaved = new AtomicReference<>(LessonProgress.NONE);
    private boolean handingOver;

    /**
     * What a lesson shows its things with: the same state as the views of the window.
     *
     * @param bench what all views share
     * @param explore masks and predictions
     * @param attention where the head looks that is looked at
     * @param analyses where an analysis goes that is opened in full
     */
    public record Tools(
            Workbench bench, ExploreViewModel explore, AttentionViewModel attention, AnalysesViewModel analyses) {}

    private record Found(List<Entry> entries, LessonProgress progress) {}

    /**
     * @param tools what lessons are shown with
     * @param shelf where lessons come from
     * @param home where progress is kept
     */
    public LessonsViewModel(Tools tools, LessonShelf shelf, UserHome home) {
        this.tools = tools;
        this.shelf = shelf;
        this.home = home;
        this.latest = new LatestJob(tools.bench().services().jobs());
        this.keeper = new BenchKeeper(tools.bench(), tools.explore());
    }

    Tools tools() {
        return tools;
    }

    /** The lessons, in order; those that are broken too. */
    public ObservableList<Entry> entries() {
        return entries;
    }

    /** The lesson that is open, null while the list is shown. */
    public ReadOnlyObjectProperty<@Nullable LessonSession> sessionProperty() {
        return session.getReadOnlyProperty();
    }

    /** How far each lesson has come. */
    public ReadOnlyObjectProperty<LessonProgress> progressProperty() {
        return progress.getReadOnlyProperty();
    }

    /** Why there is no list, or progress is not kept; empty when all is well. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Reads the lessons again, or puts the open one back on the workbench. */
    void shown() {
        LessonSession open = session.get();
        if (open != null) {
            open.enter();
            return;
        }
        latest.submit(
                LIST,
                Job.<Found>of(
                                Messages.get("lessons.reading"),
                                context -> new Found(shelf.entries(), LessonProgress.load(home)))
                        .whenDone(found -> {
                            progress.set(found.progress());
                            entries.setAll(found.entries());
                        })
                        .whenFailed(this::refuse));
    }

    /** Gives the workbench back, unless another view is to go on with what lies on it. */
    void hidden() {
        LessonSession open = session.get();
        if (open == null) {
            return;
        }
        if (handingOver) {
            open.pause();
        } else {
            open.leave();
        }
    }

    /** Opens a lesson where it was left. */
    public void open(Lesson lesson) {
        LessonSession fresh = new LessonSession(
                tools.bench(), keeper, lesson, progress.get().of(lesson.id()), mark -> remember(lesson, mark));
        session.set(fresh);
        fresh.enter();
    }

    /** Goes back to the list; what was on the workbench before the lesson comes back. */
    public void close() {
        LessonSession open = session.get();
        if (open != null) {
            session.set(null);
            open.leave();
        }
    }

    /** Lets the view that shows the step best go on with it. */
    public void openInFullView() {
        LessonSession open = session.get();
        if (open == null) {
            return;
        }
        Computation computation = open.step().computation();
        if (computation != null && open.step().show().contains(Show.ANALYSIS)) {
            fill(computation);
            handOver("analyses");
        } else {
            handOver(open.step().show().contains(Show.ATTENTION) ? "attention" : "explore");
        }
    }

    private void handOver(String view) {
        handingOver = true;
        tools.bench().navigation().show(view);
        handingOver = false;
    }

    private void fill(Computation computation) {
        tools.analyses().choose(tools.bench().services().analyses().get(computation.analysis()));
        FormViewModel form =
                Objects.requireNonNull(tools.analyses().formProperty().get());
        Map<String, String> texts = computation.parameters();
        form.fields().forEach(field -> field.textProperty()
                .set(texts.getOrDefault(
                        field.spec().flag(), field.textProperty().get())));
    }

    private void remember(Lesson lesson, Mark mark) {
        LessonProgress now = progress.get().with(lesson.id(), mark);
        progress.set(now);
        unsaved.set(now);
        latest.submit(
                SAVE,
                Job.<Boolean>of(Messages.get("lessons.saving"), context -> {
                            save();
                            return true;
                        })
                        .whenFailed(this::refuse));
    }

    /** One at a time and always the newest, so that an older one never ends up on top. */
    private void save() {
        synchronized (unsaved) {
            unsaved.get().save(home);
        }
    }

    private void refuse(Throwable failure) {
        error.set(FailureText.of(failure).message());
    }
}
