package org.headscope.app.control;

import javafx.css.CssMetaData;
import javafx.css.SimpleStyleableObjectProperty;

/** A styleable property that tells its region when the style sheet changed it. */
final class StyledValue<V> extends SimpleStyleableObjectProperty<V> {
    private final PlotRegion region;

    StyledValue(PlotRegion region, CssMetaData<PlotRegion, V> metaData) {
        super(metaData, region, metaData.getProperty(), metaData.getInitialValue(region));
        this.region = region;
    }

    @Override
    protected void invalidated() {
        get(); // an unread property stays invalid and would not tell us of the next change
        region.styleChanged();
    }
}
