@NullMarked
package org.headscope.analysis;

import org.jspecify.annotations.NullMarked;
