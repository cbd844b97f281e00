package org.headscope.app.lensview;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.app.control.curve.CurvePlot;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridWindow;
import org.headscope.app.control.grid.HeatMap;
import org.headscope.app.control.grid.HeatMapModel;
import org.headscope.app.panel.PanelMenu;
import org.headscope.app.panel.Take;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ConditionsBar;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.PromptBar;

/** The prompt above, what every layer says of it below, and the pinned cell with one token over all layers under that. */
public final class LensView implements WorkView {
    /** Narrower columns have no room for a token. */
    private static final double COLUMN = 54;

    private static final double AROUND = 168;
    private final LensViewModel model;
    private final LensTakes takes;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public LensView(LensViewModel model, Node empty) {
        this.model = model;
        this.takes = new LensTakes(model);
        VBox lens = new VBox(
                choices(),
                new TuneRow(model),
                new ErrorLabel(model.errorProperty()),
                map(),
                pinned(),
                new ConditionsBar(model.bench()));
        lens.getStyleClass().addAll("half", "lens-pane");
        VBox.setVgrow(lens, Priority.ALWAYS);
        VBox content = new VBox(new PromptBar(model.bench()), lens);
        content.getStyleClass().add("work");
        this.node = new BenchPane(model.bench(), empty, content);
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public void shown() {
        model.watch(true);
    }

    @Override
    public void hidden() {
        model.watch(false);
    }

    private Node choices() {
        ComboBox<LensKind> kinds = Choices.of(List.of(LensKind.values()), LensKind::words, model.kindProperty());
        kinds.setId("lens");
        ComboBox<Shade> shades = Choices.of(
                List.of(Shade.values()), Shade::words, model.picture().shadeProperty());
        shades.setId("shade");
        TextField token = new TextField();
        token.setId("token");
        token.setPrefColumnCount(10);
        token.setPromptText(Messages.get("lens.token.hint"));
        token.setTooltip(new Tooltip(Messages.get("lens.token.help")));
        token.textProperty().bindBidirectional(model.tokenProperty());
        HBox.setHgrow(token, Priority.SOMETIMES);
        HBox row = new HBox(
                Choices.label(Messages.get("lens.kind"), kinds),
                kinds,
                Choices.label(Messages.get("lens.shade"), shades),
                shades,
                Choices.label(Messages.get("lens.token"), token),
                token,
                menu("layers-menu", Messages.get("view.lens"), takes::map));
        row.getStyleClass().add("row");
        return row;
    }

    private PanelMenu menu(String id, String title, Supplier<Optional<Take>> take) {
        PanelMenu menu = new PanelMenu(title, model.bench().services(), take);
        menu.setId(id);
        menu.visibleProperty().bind(model.picture().tableProperty().isNotNull());
        return menu;
    }

    private Node map() {
        HeatMapModel cells = model.picture().map();
        HeatMap map = new HeatMap(cells);
        map.setId("layers");
        map.setMaxHeight(Region.USE_PREF_SIZE);
        map.widthProperty().subscribe(() -> fit(map, cells));
        cells.valuesProperty().subscribe((before, now) -> {
            if (before.columns() != now.columns() || before.rows() != now.rows()) {
                fit(map, cells);
            }
        });
        VBox box = new VBox(map, scroll(cells));
        VBox.setVgrow(map, Priority.ALWAYS);
        VBox.setVgrow(box, Priority.ALWAYS);
        box.setMinHeight(150);
        return box;
    }

    /** Of a long prompt as many positions are seen as tokens can be read; the pinned one is among them. */
    private static void fit(HeatMap map, HeatMapModel cells) {
        int columns = cells.values().columns();
        if (columns == 0 || map.getWidth() <= 0) {
            return;
        }
        int shown = (int) Math.max(4, Math.min(columns, (map.getWidth() - AROUND) / COLUMN));
        GridCell pinned = cells.cursorProperty().get();
        int last = pinned == null ? columns - 1 : pinned.column();
        int first = Math.max(0, Math.min(columns - shown, last - shown + 1));
        cells.windowProperty().set(new GridWindow(0, cells.values().rows(), first, Math.min(shown, columns)));
    }

    private static Node scroll(HeatMapModel cells) {
        ScrollBar bar = new ScrollBar();
        bar.setId("positions");
        bar.setOrientation(Orientation.HORIZONTAL);
        bar.setAccessibleText(Messages.get("lens.scroll"));
        bar.setUnitIncrement(1);
        cells.windowProperty().subscribe(window -> {
            int columns = cells.values().columns();
            bar.setVisible(window.columns() < columns);
            bar.setMax(Math.max(0, columns - window.columns()));
            bar.setBlockIncrement(Math.max(1, window.columns() - 1.0));
            double most = Math.max(1, columns - window.columns());
            bar.setVisibleAmount(columns == 0 ? 1 : most * window.columns() / columns);
            bar.setValue(window.firstColumn());
        });
        bar.valueProperty().subscribe(value -> {
            int by = (int) Math.round(value.doubleValue())
                    - cells.windowProperty().get().firstColumn();
            if (by != 0) {
                cells.pan(0, by);
            }
        });
        bar.setMinHeight(Region.USE_PREF_SIZE);
        bar.managedProperty().bind(bar.visibleProperty());
        return bar;
    }

    private Node pinned() {
        CurvePlot curve = new CurvePlot(model.picture().curve());
        curve.setId("over-layers");
        VBox over = new VBox(menu("over-layers-menu", Messages.get("lens.save.curve"), takes::curve), curve);
        over.getStyleClass().add("half");
        over.setAlignment(Pos.TOP_RIGHT);
        VBox.setVgrow(curve, Priority.ALWAYS);
        HBox.setHgrow(over, Priority.ALWAYS);
        HBox row = new HBox(new PinnedCell(model), over);
        row.getStyleClass().add("lens-below");
        row.setMinHeight(240);
        row.setPrefHeight(250);
        return row;
    }
}
