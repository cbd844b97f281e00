/** Finding the circuit of a task and looking at it. */
@NullMarked
package org.headscope.app.circuitview;

import org.jspecify.annotations.NullMarked;
