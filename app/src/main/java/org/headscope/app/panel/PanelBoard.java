package org.headscope.app.panel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.animation.AnimationTimer;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.layout.VBox;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.app.picture.Sight;
import org.headscope.app.workbench.Services;
import org.jspecify.annotations.Nullable;

/** All panels of a result, one below the other; a panel that changes keeps its place, its cut and its cursor. */
public final class PanelBoard extends VBox {

    /** A table takes as long to put up as a frame may last. */
    private static final int PER_FRAME = 1;

    private final Menus menus;
    private final AnimationTimer frames = new AnimationTimer() {
        @Override
        public void handle(long now) {
            fill();
        }
    };
    private List<Panel> wanted = List.of();

    /** Makes the menu of a panel. */
    private interface Menus {
        @Nullable
        PanelMenu of(String title, Supplier<Sight> sight);
    }

    /** @param panels what to show, followed as it changes; without ways to save them */
    public PanelBoard(ObservableList<Panel> panels) {
        this(panels, (title, sight) -> null);
    }

    /**
     * @param panels what to show, followed as it changes
     * @param services for the menus of the panels
     * @param origins asked which runs the panels belong to; empty while these are not complete
     */
    public PanelBoard(ObservableList<Panel> panels, Services services, Supplier<List<Result>> origins) {
        this(
                panels,
                (title, sight) ->
                        new PanelMenu(title, services, () -> Optional.of(Take.of(sight.get(), origins.get()))));
    }

    private PanelBoard(ObservableList<Panel> panels, Menus menus) {
        this.menus = menus;
        getStyleClass().add("panel-board");
        panels.subscribe(() -> show(panels));
        show(panels);
    }

    private void show(List<Panel> panels) {
        wanted = List.copyOf(panels);
        wanted.forEach(panel -> find(panel).ifPresent(card -> card.show(panel)));
        fill();
    }

    /** Puts in what is still missing, as much as fits into a frame; the next frames bring the rest. */
    private void fill() {
        List<Node> cards = new ArrayList<>();
        int fresh = 0;
        for (Panel panel : wanted) {
            Optional<PanelCard> there = find(panel);
            if (there.isPresent()) {
                cards.add(there.get());
            } else if (fresh++ < PER_FRAME) {
                cards.add(card(panel));
            }
        }
        getChildren().setAll(cards);
        if (cards.size() < wanted.size()) {
            frames.start();
        } else {
            frames.stop();
        }
    }

    private Optional<PanelCard> find(Panel panel) {
        return getChildren().stream()
                .map(PanelCard.class::cast)
                .filter(card -> card.title().equals(panel.title()))
                .findFirst();
    }

    private PanelCard card(Panel panel) {
        PanelCard fresh = new PanelCard(panel);
        PanelMenu menu = menus.of(panel.title(), fresh::sight);
        if (menu != null) {
            fresh.add(menu);
        }
        return fresh;
    }
}
