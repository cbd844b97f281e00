/** Running a transformer with hooks: requests, caches, receipts. */
@NullMarked
package org.headscope.hooks.run;

import org.jspecify.annotations.NullMarked;
