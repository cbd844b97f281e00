/** Which models there are, and how one is opened. */
@NullMarked
package org.headscope.app.model;

import org.jspecify.annotations.NullMarked;
