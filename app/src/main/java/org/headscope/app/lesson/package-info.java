/** Lessons as files say them, and checking answers to their questions against the model at hand. */
@NullMarked
package org.headscope.app.lesson;

import org.jspecify.annotations.NullMarked;
