package org.headscope.app.control;

import java.util.List;
import java.util.function.Function;
import javafx.css.CssMetaData;
import javafx.css.Styleable;
import javafx.css.StyleableProperty;
import javafx.css.StyleablePropertyFactory;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;

/**
 * A region that draws itself with colours and type from the style sheet, so that drawings follow the theme like any
 * control. The properties are named {@code -hs-*} and set for {@code .plot} in {@code headscope.css}.
 */
public abstract class PlotRegion extends Region {
    private static final StyleablePropertyFactory<PlotRegion> FACTORY =
            new StyleablePropertyFactory<>(Region.getClassCssMetaData());

    private static final CssMetaData<PlotRegion, Color> TEXT = color("-hs-text", region -> region.text);
    private static final CssMetaData<PlotRegion, Color> MUTED = color("-hs-muted", region -> region.muted);
    private static final CssMetaData<PlotRegion, Color> LINE = color("-hs-line", region -> region.line);
    private static final CssMetaData<PlotRegion, Color> SURFACE = color("-hs-surface", region -> region.surface);
    private static final CssMetaData<PlotRegion, Color> SUBTLE = color("-hs-subtle", region -> region.subtle);
    private static final CssMetaData<PlotRegion, Color> WARNING = color("-hs-warning", region -> region.warning);
    private static final CssMetaData<PlotRegion, Color> ACCENT = color("-hs-accent", region -> region.accent);
    private static final CssMetaData<PlotRegion, Boolean> ON_DARK =
            FACTORY.createBooleanCssMetaData("-hs-on-dark", region -> region.onDark, false, false);
    private static final CssMetaData<PlotRegion, Font> FONT =
            FACTORY.createFontCssMetaData("-fx-font", region -> region.font, Font.getDefault(), true);
    private static final List<CssMetaData<? extends Styleable, ?>> ALL = List.copyOf(FACTORY.getCssMetaData());

    private final StyledValue<Color> text = new StyledValue<>(this, TEXT);
    private final StyledValue<Color> muted = new StyledValue<>(this, MUTED);
    private final StyledValue<Color> line = new StyledValue<>(this, LINE);
    private final StyledValue<Color> surface = new StyledValue<>(this, SURFACE);
    private final StyledValue<Color> subtle = new StyledValue<>(this, SUBTLE);
    private final StyledValue<Color> warning = new StyledValue<>(this, WARNING);
    private final StyledValue<Color> accent = new StyledValue<>(this, ACCENT);
    private final StyledValue<Boolean> onDark = new StyledValue<>(this, ON_DARK);
    private final StyledValue<Font> font = new StyledValue<>(this, FONT);

    protected PlotRegion() {
        getStyleClass().add("plot");
    }

    /** Called after a colour or the type changed. */
    protected abstract void styleChanged();

    protected final Color text() {
        return text.get();
    }

    protected final Color muted() {
        return muted.get();
    }

    protected final Color line() {
        return line.get();
    }

    protected final Color surface() {
        return surface.get();
    }

    protected final Color subtle() {
        return subtle.get();
    }

    protected final Color warning() {
        return warning.get();
    }

    protected final Color accent() {
        return accent.get();
    }

    protected final boolean onDark() {
        return onDark.get();
    }

    protected final Font font() {
        return font.get();
    }

    /** @return the type for axis labels, a little smaller than that of the text around */
    protected final Font labelFont() {
        Font around = font.get();
        return Font.font(around.getFamily(), Math.max(9, around.getSize() * 0.85));
    }

    @Override
    public List<CssMetaData<? extends Styleable, ?>> getCssMetaData() {
        return ALL;
    }

    public static List<CssMetaData<? extends Styleable, ?>> getClassCssMetaData() {
        return ALL;
    }

    private static CssMetaData<PlotRegion, Color> color(
            String name, Function<PlotRegion, StyleableProperty<Color>> property) {
        return FACTORY.createColorCssMetaData(name, property, Color.GRAY, false);
    }
}
