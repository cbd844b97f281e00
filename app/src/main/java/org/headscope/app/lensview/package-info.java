/** What every layer already knows of the next token. */
@NullMarked
package org.headscope.app.lensview;

import org.jspecify.annotations.NullMarked;
