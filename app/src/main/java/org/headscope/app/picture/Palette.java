package org.headscope.app.picture;

/** Colours that can be told apart with every common kind of colour vision (Okabe and Ito), on light and dark pages. */
final class Palette {
    /** What is there but not the point. */
    static final int MUTED = 0xff7a7a7a;
    /** What the eye is to go to. */
    static final int ACCENT = 0xffd55e00;

    private static final int[] IN_TURN = {
        0xff0072b2, 0xffe69f00, 0xff009e73, 0xffcc79a7, ACCENT, 0xff56b4e9, MUTED,
    };

    private Palette() {}

    /** The colour of one of several things; after the last colour the first one comes again. */
    static int of(int index) {
        return IN_TURN[index % IN_TURN.length];
    }

    /** A colour through which others shine. */
    static int thin(int argb, int alpha) {
        return alpha << 24 | argb & 0xffffff;
    }
}
