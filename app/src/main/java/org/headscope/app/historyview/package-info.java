/** What was run before: find it, open its result, repeat it. */
@NullMarked
package org.headscope.app.historyview;

import org.jspecify.annotations.NullMarked;
