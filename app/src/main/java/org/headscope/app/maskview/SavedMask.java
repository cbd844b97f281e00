package org.headscope.app.maskview;

import java.time.Instant;
import org.headscope.analysis.mask.HeadMask;

/**
 * A mask under a name.
 *
 * @param id its number in the workspace
 * @param name its name
 * @param mask what it masks
 * @param savedAt when it was saved
 */
public record SavedMask(long id, String name, HeadMask mask, Instant savedAt) {}
