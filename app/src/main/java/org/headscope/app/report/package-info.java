/** A run as one page to read, keep and send. */
@NullMarked
package org.headscope.app.report;

import org.jspecify.annotations.NullMarked;
