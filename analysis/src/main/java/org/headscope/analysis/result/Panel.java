package org.headscope.analysis.result;

/**
 * One thing to look at. The shapes are few on purpose: a view, a file format and a table column exist once per shape,
 * not once per method.
 */
public sealed interface Panel permits GridPanel, Curve, Table, EdgeGraph {
    /** {@return the heading, unique within a result} */
    String title();
}
