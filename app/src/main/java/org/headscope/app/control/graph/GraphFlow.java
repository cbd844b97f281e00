package org.headscope.app.control.graph;

/**
 * What flows from one part to another.
 *
 * @param from id of the part that writes
 * @param to id of the part that reads
 * @param input which input of the reader: {@code q}, {@code k}, {@code v}, or empty
 * @param score how much it matters
 */
public record GraphFlow(String from, String to, String input, double score) {}
