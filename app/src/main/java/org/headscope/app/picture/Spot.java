package org.headscope.app.picture;

/**
 * A point in drawing units.
 *
 * @param x to the right
 * @param y downwards
 */
record Spot(double x, double y) {}
