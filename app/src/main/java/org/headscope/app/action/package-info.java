/** Commands: everything a person can ask for, registered once and offered in many places. */
@NullMarked
package org.headscope.app.action;

import org.jspecify.annotations.NullMarked;
