@NullMarked
package org.headscope.analysis.task;

import org.jspecify.annotations.NullMarked;
