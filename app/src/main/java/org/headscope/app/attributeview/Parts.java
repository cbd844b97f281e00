package org.headscope.app.attributeview;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headscope.analysis.attribution.DirectLogitAttribution;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.waterfall.WaterfallStep;
import org.headscope.app.text.Messages;

/** Reads a result of direct logit attribution. */
record Parts(Result result) {
    private static final Pattern OF_LAYER = Pattern.compile("(heads|attention bias|mlp) (\\d+)");

    /** Everything before the layers, then the layers with their heads, biases and MLP. */
    List<WaterfallStep> steps() {
        Grid heads = heads().grid();
        List<List<WaterfallStep>> layers = new ArrayList<>();
        for (int l = 0; l < heads.shape()[0]; l++) {
            List<WaterfallStep> layer = new ArrayList<>();
            for (int h = 0; h < heads.shape()[1]; h++) {
                layer.add(WaterfallStep.of(Messages.get("attribute.part.head", l + "." + h), heads.at(l, h)));
            }
            layers.add(layer);
        }
        List<WaterfallStep> steps = new ArrayList<>();
        for (List<Object> row : table(DirectLogitAttribution.PARTS).rows()) {
            String name = (String) row.get(0);
            double value = (Double) row.get(1);
            Matcher ofLayer = OF_LAYER.matcher(name);
            if (!ofLayer.matches()) {
                steps.add(WaterfallStep.of(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), value));
            } else if (!ofLayer.group(1).equals("heads") && value != 0) { // heads stand there one by one
                String part = ofLayer.group(1).equals("mlp")
                        ? Messages.get("attribute.part.mlp")
                        : Messages.get("attribute.part.bias");
                layers.get(Integer.parseInt(ofLayer.group(2))).add(WaterfallStep.of(part, value));
            }
        }
        for (int l = 0; l < layers.size(); l++) {
            steps.add(WaterfallStep.of(Messages.get("attribute.part.layer", Integer.toString(l)), layers.get(l)));
        }
        return steps;
    }

    /** The number of the model itself, which the parts add up to. */
    double actual() {
        return (Double) table(DirectLogitAttribution.CHECK).rows().get(1).get(1);
    }

    GridPanel heads() {
        return (GridPanel) panel(DirectLogitAttribution.HEADS);
    }

    Grid sources() {
        return ((GridPanel) panel(DirectLogitAttribution.SOURCES)).grid();
    }

    private Table table(String title) {
        return (Table) panel(title);
    }

    private Panel panel(String title) {
        return result.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("direct-logit-attribution gave no panel " + title));
    }
}
