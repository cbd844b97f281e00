package org.headscope.app.lesson;

/**
 * What is to be said about an answer.
 *
 * @param right whether it is right
 * @param found what the model says about it
 */
public record Verdict(boolean right, String found) {}
