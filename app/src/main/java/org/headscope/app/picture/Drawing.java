package org.headscope.app.picture;

/** A picture of known size. */
interface Drawing {
    int PAGE = 0xffffffff;
    int INK = 0xff14181d;
    int FAINT = 0xff6b747e;
    /** Lines that only guide the eye. */
    int RULE = 0xffd5dae0;

    /** Width in drawing units. */
    double width();

    /** Height in drawing units. */
    double height();

    /** Draws, on whatever was there before. */
    void draw(Surface to);

    /** A page with a title and a line below it. */
    default void page(Surface to, String title, String caption) {
        to.fill(new Box(0, 0, width(), height()), PAGE);
        to.text(title, new Spot(10, 18), TextStyle.TITLE);
        to.text(caption, new Spot(10, 32), TextStyle.SMALL);
    }
}
