/** What a transformer is made of, independent of where its weights come from. */
@NullMarked
package org.headscope.hooks.config;

import org.jspecify.annotations.NullMarked;
