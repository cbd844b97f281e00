package org.headscope.app.control.color;

/** What the numbers of a scale mean to the eye. */
public enum ScaleKind {
    /** More or less of something; lightness carries the order. */
    SEQUENTIAL,
    /** For or against; zero is in the middle and looks neutral. */
    DIVERGING;

    /**
     * Chooses the map that suits the surface.
     *
     * @param dark whether it is drawn on a dark surface
     */
    public ColorMap map(boolean dark) {
        if (this == SEQUENTIAL) {
            return ColorMap.VIRIDIS;
        }
        return dark ? ColorMap.DIVERGING_DARK : ColorMap.DIVERGING;
    }
}
