/** What was run before: recorded, listed, repeated. */
@NullMarked
package org.headscope.app.history;

import org.jspecify.annotations.NullMarked;
