/** What an analysis found: panels of a few fixed shapes, receipts, and where every number came from. */
@NullMarked
package org.headscope.analysis.result;

import org.jspecify.annotations.NullMarked;
