package org.headscope.analysis.recall;

import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.patching.SenderMeans;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.stat.Correlation;
import org.headscope.hooks.config.Dims;

/** Per head, how two numbers go together over examples. */
final class Correlations {
    private Correlations() {}

    /** Pearson's correlation, {@code [layer, head]}; NaN where a number does not vary or there are fewer than 3 examples. */
    static HeadGrid grid(Dims dims, String title, SenderMeans x, SenderMeans y) {
        double[] values = IntStream.range(0, dims.layers() * dims.heads())
                .mapToDouble(head -> Correlation.pearson(x.of(head), y.of(head)))
                .toArray();
        Grid grid = Grid.of(List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads())), values);
        return new HeadGrid(title, Quantity.signed("correlation over examples", ""), grid);
    }
}
