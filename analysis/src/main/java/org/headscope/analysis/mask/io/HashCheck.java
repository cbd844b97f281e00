package org.headscope.analysis.mask.io;

/** What to do with a mask that was made for other weights of the same shape. */
public enum HashCheck {
    /** Read it and say so. */
    WARN,
    /** Refuse it. */
    REQUIRE
}
