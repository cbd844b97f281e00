/** Where things lie on disk: the files shipped with Headscope and those of its user. */
@NullMarked
package org.headscope.app.files;

import org.jspecify.annotations.NullMarked;
