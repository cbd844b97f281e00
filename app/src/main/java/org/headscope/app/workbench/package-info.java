/** What all views share: the open model, the prompt, its base run, and the mask. */
@NullMarked
package org.headscope.app.workbench;

import org.jspecify.annotations.NullMarked;
