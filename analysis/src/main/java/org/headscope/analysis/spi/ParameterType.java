package org.headscope.analysis.spi;

/** The kinds of parameters that a form, a command line and a JSON file know how to edit. */
public enum ParameterType {
    /** A whole number, {@code int} or {@code long}. */
    INTEGER,
    /** A finite number. */
    NUMBER,
    /** True or false. */
    BOOLEAN,
    /** Any text, taken as it is, leading blanks included. */
    TEXT,
    /** One of a fixed set of words. */
    CHOICE,
    /** Whole numbers, separated by commas. */
    INTEGERS,
    /** Texts: a JSON array, or separated by commas. */
    TEXTS,
    /** A prompt, as text or as token ids. */
    PROMPT
}
