package org.headscope.app.patch;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.patching.ActivationPatching;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.panel.GridPanelModel;
import org.headscope.app.workbench.AnalysisRun;
import org.jspecify.annotations.Nullable;

/** The grids of effects of a patching run, as they fill, and the cell that was chosen last in any of them. */
public final class EffectGrids {
    private final AnalysisRun run;
    private final ObservableList<GridPanelModel> grids = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable Place> chosen = new ReadOnlyObjectWrapper<>(this, "chosen");
    private final ReadOnlyStringWrapper details = new ReadOnlyStringWrapper(this, "details", "");
    private @Nullable GridPanelModel last;

    EffectGrids(AnalysisRun run) {
        this.run = run;
        run.panels().subscribe(this::panelsChanged);
    }

    /** One for each kind of activation. */
    public ObservableList<GridPanelModel> grids() {
        return grids;
    }

    /** Where the chosen cell lies; null before one is. */
    public ReadOnlyObjectProperty<@Nullable Place> chosenProperty() {
        return chosen.getReadOnlyProperty();
    }

    /** @return the title of the panel in which a cell was chosen, empty before one was */
    String chosenPanel() {
        GridPanelModel grid = last;
        return grid == null ? "" : grid.panel().title();
    }

    /** The chosen cell in words, with all its numbers. */
    public ReadOnlyStringProperty detailsProperty() {
        return details.getReadOnlyProperty();
    }

    private void panelsChanged() {
        List<GridPanel> effects = panels(ActivationPatching.EFFECT).toList();
        boolean same = effects.size() == grids.size()
                && IntStream.range(0, effects.size()).allMatch(i -> fits(grids.get(i), effects.get(i)));
        if (same) {
            IntStream.range(0, effects.size()).forEach(i -> grids.get(i).show(effects.get(i)));
        } else {
            last = null;
            grids.setAll(effects.stream().map(this::followed).toList());
        }
        describe();
    }

    private static boolean fits(GridPanelModel shown, GridPanel panel) {
        return shown.panel().title().equals(panel.title()) && shown.fits(panel);
    }

    private GridPanelModel followed(GridPanel panel) {
        GridPanelModel grid = new GridPanelModel(panel);
        grid.chosenProperty().subscribe(cell -> {
            if (cell != null) {
                last = grid;
                describe();
            }
        });
        return grid;
    }

    private Stream<GridPanel> panels(String start) {
        return run.panels().stream()
                .filter(panel -> panel.title().startsWith(start))
                .filter(GridPanel.class::isInstance)
                .map(GridPanel.class::cast);
    }

    private void describe() {
        GridPanelModel grid = last;
        List<Integer> cell = grid == null ? null : grid.chosenProperty().get();
        if (grid == null || cell == null) {
            chosen.set(null);
            details.set("");
            return;
        }
        int[] index = cell.stream().mapToInt(Integer::intValue).toArray();
        String kind = grid.panel().title().substring(ActivationPatching.EFFECT.length());
        String numbers = Stream.concat(Stream.of(grid.panel()), logits(kind).stream())
                .map(panel -> panel.quantity().name() + " "
                        + Ticks.format(panel.grid().at(index)))
                .collect(Collectors.joining(" · "));
        details.set(EffectWords.place(grid.panel(), index) + ": " + numbers);
        chosen.set(Place.of(grid.panel(), index));
    }

    private Optional<GridPanel> logits(String kind) {
        return panels(ActivationPatching.PATCHED)
                .map(Panel.class::cast)
                .filter(panel -> panel.title().equals(ActivationPatching.PATCHED + kind))
                .map(GridPanel.class::cast)
                .findFirst();
    }
}
