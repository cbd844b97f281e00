package org.headscope.hooks.tokens;

/**
 * The stretch of a text that a token stands for, in Java chars (an emoji counts two); empty at 0 for tokens that were
 * added to the text. Pieces of one character share that character's span.
 *
 * @param start the first char
 * @param end the char after the last
 */
public record Span(int start, int end) {}
