/** Every analysis there is, with a form and its results, without a view of its own. */
@NullMarked
package org.headscope.app.analyses;

import org.jspecify.annotations.NullMarked;
