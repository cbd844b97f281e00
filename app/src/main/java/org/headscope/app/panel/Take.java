package org.headscope.app.panel;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.spi.Progress;
import org.headscope.app.export.DataFormat;
import org.headscope.app.export.Exhibit;
import org.headscope.app.history.HistoryRecorder;
import org.headscope.app.picture.Sight;
import org.headscope.app.workbench.AnalysisCall;
import org.jspecify.annotations.Nullable;

/**
 * Something in sight that can be copied and saved. What a view only shows, without a run behind it, is computed by the
 * analysis that gives the same numbers once somebody wants to have it, so that nothing leaves the window without saying where
 * it comes from.
 *
 * @param title names files
 * @param formats its numbers can be saved in; empty while nobody knows where they come from
 * @param call the run it is part of, null when it has been run already
 * @param work gets it; takes its time
 */
public record Take(
        String title, Set<DataFormat> formats, @Nullable AnalysisCall call, Function<Progress, Exhibit> work) {
    /** Copies the formats. */
    public Take {
        formats = Set.copyOf(formats);
    }

    /**
     * Something that is there.
     *
     * @param sight what is in sight
     * @param origins the runs its numbers come from; empty while they are not complete
     */
    public static Take of(Sight sight, List<Result> origins) {
        Exhibit exhibit = new Exhibit(sight, origins);
        Set<DataFormat> formats = EnumSet.noneOf(DataFormat.class);
        Arrays.stream(DataFormat.values())
                .filter(format -> format.takes(exhibit))
                .forEach(formats::add);
        return new Take(sight.panel().title(), formats, null, progress -> exhibit);
    }

    /**
     * A grid that has to be computed.
     *
     * @param title names files
     * @param call gives the same numbers
     * @param sight finds in its result what is in sight
     */
    public static Take ofGrid(String title, AnalysisCall call, Function<Result, Sight> sight) {
        return computed(title, EnumSet.allOf(DataFormat.class), call, sight);
    }

    /**
     * A curve or table that has to be computed.
     *
     * @param title names files
     * @param call gives the same numbers
     * @param sight finds in its result what is in sight
     */
    public static Take of(String title, AnalysisCall call, Function<Result, Sight> sight) {
        return computed(title, EnumSet.of(DataFormat.CSV, DataFormat.JSON), call, sight);
    }

    private static Take computed(
            String title, Set<DataFormat> formats, AnalysisCall call, Function<Result, Sight> sight) {
        return new Take(title, formats, call, progress -> {
            Result result = call.run(HistoryRecorder.off(), progress);
            return new Exhibit(sight.apply(result), List.of(result));
        });
    }
}
