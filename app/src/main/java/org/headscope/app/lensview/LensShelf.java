package org.headscope.app.lensview;

import java.util.LinkedHashMap;
import java.util.Map;
import org.headscope.analysis.reading.TrainedLens;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobRunner;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;
import org.jspecify.annotations.Nullable;

/**
 * The lenses trained since the program started, so that another prompt needs no training. A lens is good for the model, mask
 * and texts it was trained with. Those of a model that is no longer open are dropped. Used on the window's thread.
 */
final class LensShelf {
    private static final int MOST = 3;
    private final Map<Key, TrainedLens> lenses = new LinkedHashMap<>();
    private final JobRunner jobs;

    /**
     * What a lens was trained with.
     *
     * @param model the model, compared by identity
     * @param settings what held around training
     * @param text the text it was trained on, empty for examples of tasks
     */
    record Key(OpenModel model, RunSettings settings, String text) {}

    LensShelf(JobRunner jobs) {
        this.jobs = jobs;
    }

    @Nullable
    TrainedLens get(Key key) {
        return lenses.get(key);
    }

    /** Keeps a lens; the oldest of too many goes. */
    void put(Key key, TrainedLens lens) {
        TrainedLens before = lenses.put(key, lens);
        if (before != null) {
            close(before);
        }
        while (lenses.size() > MOST) {
            Key oldest = lenses.keySet().iterator().next();
            TrainedLens dropped = lenses.remove(oldest);
            if (dropped != null) {
                close(dropped);
            }
        }
    }

    void clear() {
        lenses.values().forEach(this::close);
        lenses.clear();
    }

    /** Closing waits for whoever reads through it, so it is a job. */
    private void close(TrainedLens lens) {
        jobs.submit(Job.of(Messages.get("lens.closing"), context -> {
            lens.close();
            return true;
        }));
    }
}
