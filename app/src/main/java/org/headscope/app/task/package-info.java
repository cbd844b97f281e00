/** Drawing examples of tasks into forms that ask for a clean and a corrupt prompt. */
@NullMarked
package org.headscope.app.task;

import org.jspecify.annotations.NullMarked;
