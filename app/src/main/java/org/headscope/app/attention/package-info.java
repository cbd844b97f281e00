/** Where a head looks. */
@NullMarked
package org.headscope.app.attention;

import org.jspecify.annotations.NullMarked;
