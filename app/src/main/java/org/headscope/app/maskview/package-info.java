/** The mask as a list, to files and from files. */
@NullMarked
package org.headscope.app.maskview;

import org.jspecify.annotations.NullMarked;
