/** Guided lessons in the window: words on the left, the model at work on the right. */
@NullMarked
package org.headscope.app.lessonview;

import org.jspecify.annotations.NullMarked;
