/** How models recall facts and calculate: which heads fetch, what MLPs make of it, and what the last layer takes back. */
@NullMarked
package org.headscope.analysis.recall;

import org.jspecify.annotations.NullMarked;
