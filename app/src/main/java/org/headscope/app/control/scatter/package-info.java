/** Two numbers against each other. */
@NullMarked
package org.headscope.app.control.scatter;

import org.jspecify.annotations.NullMarked;
