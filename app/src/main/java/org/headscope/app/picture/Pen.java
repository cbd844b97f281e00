package org.headscope.app.picture;

/**
 * How lines are drawn.
 *
 * @param argb their colour
 * @param width their width in drawing units
 */
record Pen(int argb, double width) {}
