/** Questions to the person, and how failures are told. */
@NullMarked
package org.headscope.app.dialog;

import org.jspecify.annotations.NullMarked;
