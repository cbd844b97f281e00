/** Parts of a model and what flows between them, drawn layer above layer. */
@NullMarked
package org.headscope.app.control.graph;

import org.jspecify.annotations.NullMarked;
