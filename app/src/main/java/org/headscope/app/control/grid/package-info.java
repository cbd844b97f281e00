/** Grids of numbers as colours: the head grid and the heat map, their models and their drawing. */
@NullMarked
package org.headscope.app.control.grid;

import org.jspecify.annotations.NullMarked;
