/**
 * What is remembered: one SQLite file per workspace with models, prompts, runs, masks and notes, large results beside it.
 * The only package that speaks SQL.
 */
@NullMarked
package org.headscope.analysis.store;

import org.jspecify.annotations.NullMarked;
