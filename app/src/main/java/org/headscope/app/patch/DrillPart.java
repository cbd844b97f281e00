package org.headscope.app.patch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.headscope.analysis.patching.ActivationPatching;
import org.headscope.analysis.patching.PatchSite;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.Services;
import org.jspecify.annotations.Nullable;

/** One run of a closer look, with its numbers as they come. */
public abstract sealed class DrillPart permits HeadsPart, TokensPart {
    private static final List<String> SHARED = List.of("clean", "corrupt", "answer", "foil", "mode");

    private final Services services;
    private final PatchSite site;
    private final Place place;
    private final AnalysisRun run;
    private final ReadOnlyObjectWrapper<@Nullable Place> chosen = new ReadOnlyObjectWrapper<>(this, "chosen");
    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision");
    private @Nullable Grid grid;
    private int headCount = 1;

    /**
     * @param services what runs it
     * @param site what is patched
     * @param place what is looked at
     */
    protected DrillPart(Services services, PatchSite site, Place place) {
        this.services = services;
        this.site = site;
        this.place = place;
        this.run = new AnalysisRun(services);
        run.panels().subscribe(this::panelsChanged);
    }

    public final AnalysisRun run() {
        return run;
    }

    /** What was chosen; null before anything was. */
    public final ReadOnlyObjectProperty<@Nullable Place> chosenProperty() {
        return chosen.getReadOnlyProperty();
    }

    /** Counts changes of the numbers. */
    final ReadOnlyLongProperty revisionProperty() {
        return revision.getReadOnlyProperty();
    }

    final Place place() {
        return place;
    }

    final void choose(Place now) {
        chosen.set(now);
    }

    /** @return what the numbers are called, empty where that goes without saying */
    abstract String heading();

    /** Chooses what is computed, by flag. */
    abstract void narrow(Map<String, String> texts, AnalysisCall root);

    /** Shows the numbers. */
    abstract void numbersChanged();

    /** @return the number of a place, NaN as long as it is not computed */
    final double at(Place other) {
        return at(other.layer(), other.head(), other.position());
    }

    final double at(int layer, int head, int position) {
        Grid known = grid;
        if (known == null) {
            return Double.NaN;
        }
        int[] index = known.axes().stream()
                .mapToInt(axis -> switch (axis.name()) {
                    case Axis.LAYER -> layer;
                    case Axis.HEAD -> head;
                    case Axis.KV_HEAD -> head * axis.size() / headCount;
                    case Axis.QUERY -> place.position();
                    default -> position;
                })
                .toArray();
        return known.at(index);
    }

    /** The tokens along the axis of positions, empty before the first number. */
    final List<String> labels() {
        Grid known = grid;
        return known == null
                ? List.of()
                : known.axes().stream()
                        .filter(axis ->
                                axis.name().equals(Axis.POSITION) || axis.name().equals(Axis.KEY))
                        .findFirst()
                        .map(axis -> IntStream.range(0, axis.size())
                                .mapToObj(axis::label)
                                .toList())
                        .orElse(List.of());
    }

    /** Runs with the prompts, answers, direction and mask of another run. */
    final void start(AnalysisCall root) {
        headCount = root.model().dims().heads();
        Map<String, String> texts = new LinkedHashMap<>(root.texts());
        texts.keySet().retainAll(SHARED);
        texts.put("site", site.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        narrow(texts, root);
        var analysis = services.analyses().get(PatchViewModel.ANALYSIS);
        run.start(new AnalysisCall(root.model(), root.settings(), analysis, texts));
    }

    private void panelsChanged() {
        run.panels().stream()
                .filter(panel -> panel.title().equals(ActivationPatching.EFFECT))
                .filter(GridPanel.class::isInstance)
                .findFirst()
                .ifPresent(panel -> {
                    grid = ((GridPanel) panel).grid();
                    numbersChanged();
                    revision.set(revision.get() + 1);
                });
    }
}
