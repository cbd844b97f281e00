package org.headscope.app.attention;

import java.util.List;
import java.util.stream.IntStream;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeadGalleryModel;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobContext;
import org.headscope.app.job.JobRunner;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.RunSettings;
import org.jspecify.annotations.Nullable;

/** Reads the patterns of all heads in one pass over the prompt and shows each layer as soon as it is there. */
final class GalleryLoader {
    private static final String ALL = "all patterns";
    /** Cells per side of a picture, for some heads and for very many. */
    static final int SIDE = 128;

    private static final int SMALL_SIDE = 48;
    private static final int MANY_HEADS = 400;

    private final LatestJob latest;
    private final HeadGalleryModel model;
    private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper(this, "progress", 1);
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private @Nullable Wanted loaded;
    private double largest;

    /**
     * What is shown.
     *
     * @param run on which prompt
     * @param held under which mask, which may be empty
     * @param skipped how many keys are left out at the start
     */
    record Wanted(LiveRun run, RunSettings held, int skipped) {}

    GalleryLoader(JobRunner jobs, HeadGalleryModel model) {
        this.latest = new LatestJob(jobs);
        this.model = model;
    }

    /** Share of the layers that are there, 1 when nothing is being read. */
    ReadOnlyDoubleProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Shows the pictures of a run, unless they are there already. */
    void load(Wanted wanted) {
        if (wanted.equals(loaded)) {
            return;
        }
        model.clear();
        error.set("");
        progress.set(0);
        loaded = wanted;
        largest = 0;
        latest.submit(
                ALL,
                Job.<Boolean>of(Messages.get("attention.readingAll"), context -> read(wanted, context))
                        .whenDone(all -> progress.set(1))
                        .whenFailed(failure -> {
                            stop();
                            error.set(FailureText.of(failure).message());
                        }));
    }

    /** Stops reading; what is there stays, but is read anew when asked for again. */
    void stop() {
        if (progress.get() < 1) {
            loaded = null;
        }
        latest.cancel(ALL);
        progress.set(1);
    }

    private boolean read(Wanted wanted, JobContext context) {
        int layers = wanted.run().model().dims().layers();
        int heads = wanted.run().model().dims().heads();
        int length = wanted.run().tokens().ids().size();
        int most = layers * heads > MANY_HEADS ? SMALL_SIDE : SIDE;
        List<PatternPool> pools = IntStream.range(0, layers)
                .mapToObj(layer -> new PatternPool(heads, length, wanted.skipped(), most))
                .toList();
        wanted.run().patterns(wanted.held(), IntStream.range(0, layers).boxed().toList(), (layer, first, pattern) -> {
            context.checkCancelled();
            int queries = (int) pattern.getShape().get(2);
            PatternPool pool = pools.get(layer);
            pool.add(first, queries, pattern.toFloatArray());
            if (first + queries == length) {
                List<GridValues> pictures = pool.pictures();
                double strongest = pool.largest();
                context.progress(layer + 1, layers);
                context.deliver(() -> put(layer, pictures, strongest, wanted.skipped()));
            }
        });
        return true;
    }

    private void put(int layer, List<GridValues> pictures, double most, int skipped) {
        largest = Math.max(largest, most);
        model.rangeProperty().set(new ValueRange(0, skipped == 0 || largest == 0 ? 1 : largest));
        model.put(layer, pictures);
        progress.set(Math.min(0.99, (layer + 1.0) / model.heads().values().rows()));
    }
}
