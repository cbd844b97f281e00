/** What several tests need. */
@NullMarked
package org.headscope.hooks.testing;

import org.jspecify.annotations.NullMarked;
