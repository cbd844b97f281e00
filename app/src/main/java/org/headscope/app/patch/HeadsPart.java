package org.headscope.app.patch;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.patching.PatchSite;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.Services;

/** What each head carries at one position; layers that were not asked for stay empty. */
public final class HeadsPart extends DrillPart {
    private final HeadGridModel heads = new HeadGridModel();
    private final int firstLayer;

    HeadsPart(Services services, Place place, boolean earlierToo) {
        super(services, PatchSite.HEAD_Z_BY_POS, place);
        this.firstLayer = earlierToo ? 0 : place.layer();
        heads.togglableProperty().set(false);
        heads.numbersShownProperty().set(true);
        heads.scaleKindProperty().set(ScaleKind.DIVERGING);
        heads.valueTitleProperty().set(Messages.get("patch.drill.effect"));
        heads.setOnCellChosen(cell -> choose(new Place(cell.row(), cell.column(), place.position(), place.token())));
    }

    /** Layers by heads. */
    public HeadGridModel heads() {
        return heads;
    }

    @Override
    String heading() {
        return "";
    }

    @Override
    void narrow(Map<String, String> texts, AnalysisCall root) {
        heads.valuesProperty()
                .set(GridValues.missing(
                        root.model().dims().layers(), root.model().dims().heads()));
        texts.put(
                "layers",
                IntStream.rangeClosed(firstLayer, place().layer())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(",")));
        texts.put("positions", Integer.toString(place().position()));
    }

    @Override
    void numbersChanged() {
        int layers = heads.values().rows();
        float[][] numbers = new float[layers][heads.values().columns()];
        for (int layer = 0; layer < layers; layer++) {
            for (int head = 0; head < numbers[layer].length; head++) {
                numbers[layer][head] = (float) at(layer, head, place().position());
            }
        }
        heads.valuesProperty().set(GridValues.of(numbers));
    }
}
