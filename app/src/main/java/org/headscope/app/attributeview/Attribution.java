package org.headscope.app.attributeview;

import java.util.List;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Result;
import org.headscope.app.control.waterfall.WaterfallStep;

/**
 * The answer to a question.
 *
 * @param question what was asked
 * @param answer the answer taken
 * @param foil the foil taken
 * @param steps what adds up to the logit difference
 * @param actual the logit difference of the model itself
 * @param heads contribution of every head, {@code [layer, head]}
 * @param sources the same by source token, {@code [layer, position, head]}
 * @param result what heads and sources are part of
 * @param lens the prediction layer by layer
 */
record Attribution(
        Question question,
        Named answer,
        Named foil,
        List<WaterfallStep> steps,
        double actual,
        GridPanel heads,
        Grid sources,
        Result result,
        Result lens) {

    /** The lens as it is shown. */
    List<LensRow> lensRows() {
        return LensRows.of(lens);
    }

    /** The tokens that the position sees. */
    List<String> seen() {
        return question.run().strings().subList(0, question.position() + 1);
    }
}
