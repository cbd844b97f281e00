package org.headscope.hooks.run;

import org.headscope.hooks.forward.SiteContext;
import org.headscope.hooks.site.HookSite;

/**
 * Where a hook fires.
 *
 * @param site the site
 * @param context which positions the activation covers
 */
public record HookPoint(HookSite site, SiteContext context) {}
