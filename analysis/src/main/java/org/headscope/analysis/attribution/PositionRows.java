package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;

/** Activations of a run at single positions; each is fetched from the engine once for all prompts of the batch. */
final class PositionRows {
    private final RunResult run;
    private final int prompts;
    private final int logitsFrom;
    private final Map<Place, float[]> known = new HashMap<>();

    PositionRows(RunResult run, int prompts, int logitsFrom) {
        this.run = run;
        this.prompts = prompts;
        this.logitsFrom = logitsFrom;
    }

    private record Place(HookSite site, int position) {}

    /** One prompt's row, {@code [everything behind the position]}. */
    double[] of(HookSite site, int prompt, int position) {
        float[] all = known.computeIfAbsent(new Place(site, position), this::fetch);
        int width = all.length / prompts;
        double[] row = new double[width];
        Arrays.setAll(row, i -> all[prompt * width + i]);
        return row;
    }

    /** The final norm runs only from the position on whose logits are computed. */
    private float[] fetch(Place place) {
        boolean late = place.site.kind().path().startsWith("ln_final");
        int at = late ? place.position - logitsFrom : place.position;
        try (NDManager temporary = run.manager().newSubManager()) {
            return Alias.rows(run.cache().get(place.site), at, at + 1, temporary)
                    .toFloatArray();
        }
    }
}
