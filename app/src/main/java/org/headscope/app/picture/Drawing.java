package org.headscope.app.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;

/** A picture of known size. */
interface Drawing {
    Color INK = new Color(0x14181d);
    Color FAINT = new Color(0x8a929b);
    Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 13);

    /** Width in drawing units. */
    int width();

    /** Height in drawing units. */
    int height();

    /** Draws, on whatever was there before. */
    void draw(Graphics2D to);

    /** A white page with a title. */
    default void page(Graphics2D to, String title) {
        to.setColor(Color.WHITE);
        to.fillRect(0, 0, width(), height());
        to.setColor(INK);
        to.setFont(TITLE);
        to.drawString(title, 10, 20);
        to.setFont(TEXT);
    }
}
