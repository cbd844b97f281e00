/** Results as files: JSON that can be read back without loss, CSV for spreadsheets and data frames. */
@NullMarked
package org.headscope.analysis.result.io;

import org.jspecify.annotations.NullMarked;
