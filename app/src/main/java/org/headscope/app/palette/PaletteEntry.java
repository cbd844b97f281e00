package org.headscope.app.palette;

/**
 * Something that can be chosen.
 *
 * @param label what it is called
 * @param kind what kind of thing it is, in a word
 * @param key its shortcut for display, empty when it has none
 * @param action what choosing it does
 */
public record PaletteEntry(String label, String kind, String key, Runnable action) {}
