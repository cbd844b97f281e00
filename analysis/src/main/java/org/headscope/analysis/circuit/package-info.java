/** Readings of heads from their weights alone: what they copy, and which earlier heads they listen to. */
@NullMarked
package org.headscope.analysis.circuit;

import org.jspecify.annotations.NullMarked;
