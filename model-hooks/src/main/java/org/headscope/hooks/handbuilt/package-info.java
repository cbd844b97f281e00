/** Models that are built instead of trained: some with provable answers, some random, none needs a file. */
@NullMarked
package org.headscope.hooks.handbuilt;

import org.jspecify.annotations.NullMarked;
