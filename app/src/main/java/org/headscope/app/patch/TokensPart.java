package org.headscope.app.patch;

import java.util.Map;
import org.headscope.analysis.patching.PatchSite;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.control.token.TokenShades;
import org.headscope.app.control.token.TokenStripModel;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.Services;

/** What one head carries at each token, or reads from it. */
public final class TokensPart extends DrillPart {
    private final String heading;
    private final PatchSite site;
    private final TokenStripModel tokens = new TokenStripModel();
    private float[] numbers = {};

    TokensPart(Services services, String heading, PatchSite site, Place place) {
        super(services, site, place);
        this.heading = heading;
        this.site = site;
        tokens.shadedProperty().set(true);
        tokens.onChosenProperty().set(this::choose);
    }

    private void choose(int position) {
        String token = tokens.tokensProperty().get().get(position);
        choose(new Place(place().layer(), place().head(), position, token));
    }

    /** The tokens with their numbers. */
    public TokenStripModel tokens() {
        return tokens;
    }

    @Override
    String heading() {
        return heading;
    }

    @Override
    void narrow(Map<String, String> texts, AnalysisCall root) {
        int heads = root.model().dims().heads();
        boolean shared = site.kind().perKvHead();
        int head = shared ? place().head() * root.model().dims().kvHeads() / heads : place().head();
        texts.put("layers", Integer.toString(place().layer()));
        texts.put("heads", Integer.toString(head));
        if (site == PatchSite.HEAD_PATTERN_DEST_SRC) {
            texts.put("positions", Integer.toString(place().position()));
        }
    }

    @Override
    void numbersChanged() {
        if (!tokens.tokensProperty().get().equals(labels())) {
            tokens.tokensProperty().set(labels());
        }
        numbers = new float[tokens.tokensProperty().get().size()];
        for (int position = 0; position < numbers.length; position++) {
            numbers[position] = (float) at(place().layer(), place().head(), position);
        }
    }

    /** The largest size of a number so far. */
    double extent() {
        double extent = 0;
        for (float number : numbers) {
            extent = Math.max(extent, Float.isNaN(number) ? 0 : Math.abs(number));
        }
        return extent;
    }

    /** Colours the tokens; parts that are seen together share a scale. */
    void colour(double extent) {
        tokens.shadesProperty().set(new TokenShades(numbers, ScaleKind.DIVERGING, new ValueRange(-extent, extent)));
    }
}
