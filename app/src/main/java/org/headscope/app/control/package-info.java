/** Drawn controls and what they share. */
@NullMarked
package org.headscope.app.control;

import org.jspecify.annotations.NullMarked;
