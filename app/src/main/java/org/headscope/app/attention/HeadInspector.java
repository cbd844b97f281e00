package org.headscope.app.attention;

import javafx.beans.binding.Bindings;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.grid.HeatMap;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** The head that is looked at, beside any view: whether it is masked, and where it looks. */
public final class HeadInspector extends VBox {

    /** @param model knows the pattern of the head */
    public HeadInspector(AttentionViewModel model) {
        getStyleClass().add("half");
        Workbench bench = model.bench();
        Label name = line("headline");
        name.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> name(bench.headProperty().get()), bench.headProperty()));
        Label masked = line("muted");
        masked.setId("inspected-mask");
        masked.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> mask(
                                bench.maskProperty().get(), bench.headProperty().get()),
                        bench.maskProperty(),
                        bench.headProperty()));
        HeatMap map = new HeatMap(model.map());
        map.setId("inspected-pattern");
        map.setMaxHeight(Region.USE_PREF_SIZE);
        map.setPrefHeight(260);
        Label heading = line("heading");
        heading.textProperty().bind(model.titleProperty());
        Label readOut = line("small");
        readOut.textProperty().bind(model.readOutProperty());
        VBox pattern = new VBox(heading, map, readOut);
        pattern.getStyleClass().add("half");
        pattern.visibleProperty().bind(model.titleProperty().isNotEmpty());
        getChildren().addAll(name, masked, pattern);
    }

    private static String name(@Nullable MaskUnit head) {
        return head == null ? Messages.get("inspect.noHead") : Messages.get("inspect.head", head.label());
    }

    private static String mask(@Nullable HeadMask mask, @Nullable MaskUnit head) {
        if (mask == null || head == null) {
            return "";
        }
        return mask.setting(head)
                .map(MaskSetting::label)
                .map(how -> Messages.get("inspect.masked", how))
                .orElse(Messages.get("inspect.notMasked"));
    }

    private static Label line(String styleClass) {
        Label line = new Label();
        line.getStyleClass().add(styleClass);
        line.setWrapText(true);
        line.setMinHeight(USE_PREF_SIZE);
        return line;
    }
}
