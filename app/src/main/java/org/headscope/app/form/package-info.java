/** Forms made from the parameters that an analysis declares. */
@NullMarked
package org.headscope.app.form;

import org.jspecify.annotations.NullMarked;
