@NullMarked
package org.headscope.hooks.run;

import org.jspecify.annotations.NullMarked;
