package org.headscope.analysis.edges;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.site.SiteKind;

/** Which standing interventions go together with edges: those inside a part. What edits the stream itself belongs to no part. */
final class Standing {
    private static final Set<SiteKind> BETWEEN_PARTS = EnumSet.of(
            SiteKind.RESID_PRE,
            SiteKind.ATTN_IN,
            SiteKind.Q_INPUT,
            SiteKind.K_INPUT,
            SiteKind.V_INPUT,
            SiteKind.LN1_SCALE,
            SiteKind.LN1_NORMALIZED,
            SiteKind.ATTN_OUT,
            SiteKind.RESID_MID,
            SiteKind.MLP_IN,
            SiteKind.RESID_POST);

    private Standing() {}

    /**
     * Checks what stands.
     *
     * @throws HeadscopeException naming the first intervention that edits what lies between parts
     */
    static void requireWithinParts(AnalysisContext context) {
        var compiler = new Interventions(context.model().config());
        for (Intervention one : context.standing()) {
            boolean between = compiler.compile(List.of(one)).stream()
                    .anyMatch(edit -> BETWEEN_PARTS.contains(edit.site().kind()));
            if (between) {
                throw new HeadscopeException("'" + one.label() + "' edits the residual stream between the parts of the"
                        + " model, so what flows along an edge is not defined with it. Ablate heads or MLPs instead, or"
                        + " take it off for this analysis.");
            }
        }
    }
}
