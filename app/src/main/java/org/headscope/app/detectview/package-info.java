/** All detectors of heads in one place: their scores side by side, against each other, and under thresholds. */
@NullMarked
package org.headscope.app.detectview;

import org.jspecify.annotations.NullMarked;
