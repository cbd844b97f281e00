/**
 * Reading and writing weights: the safetensors format, single and sharded, and the folder layout of Hugging Face.
 *
 * <p>Files are not trusted. Whatever is wrong with one ends in a {@link CheckpointException} that says what and where.
 */
@NullMarked
package org.headscope.hooks.checkpoint;

import org.jspecify.annotations.NullMarked;
