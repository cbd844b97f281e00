/** Light and dark looks and the size of type. */
@NullMarked
package org.headscope.app.theme;

import org.jspecify.annotations.NullMarked;
