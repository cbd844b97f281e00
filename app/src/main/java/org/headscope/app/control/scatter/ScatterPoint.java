package org.headscope.app.control.scatter;

/**
 * A thing with two numbers.
 *
 * @param name what it is called
 * @param x number that runs across, finite
 * @param y number that runs up, finite
 */
public record ScatterPoint(String name, double x, double y) {}
