/** A prompt as its tokens. */
@NullMarked
package org.headscope.app.control.token;

import org.jspecify.annotations.NullMarked;
