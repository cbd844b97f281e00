/** Panels on their way to other programs: files with provenance, and plain tables. */
@NullMarked
package org.headscope.app.export;

import org.jspecify.annotations.NullMarked;
