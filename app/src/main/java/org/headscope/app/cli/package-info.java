/** The command line: one class per subcommand, found by the service loader, and what they share. */
@NullMarked
package org.headscope.app.cli;

import org.jspecify.annotations.NullMarked;
