package org.headscope.app.analyses;

import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.app.text.Messages;

/** How well the definition of an analysis is founded, in words. */
public final class ExactnessText {
    private ExactnessText() {}

    /** @return its grade and what it says about it */
    public static String of(AnalysisInfo info) {
        String note = info.exactnessNote();
        return switch (info.exactness()) {
            case EXACT -> Messages.get("analyses.exactness.exact", note);
            case PARTLY -> Messages.get("analyses.exactness.partly", note);
            case RECON -> Messages.get("analyses.exactness.recon", note);
        };
    }
}
