package org.headscope.analysis.recall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.patching.SenderMeans;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.hooks.config.Dims;

/** What heads carry to the two answers. */
record ConflictEffects(Dims dims, SenderMeans memory, SenderMeans told) {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    private double importance(int head) {
        return told.mean(head) - memory.mean(head);
    }

    /** Heads that speak for the text first, those that speak for memory last. */
    List<MaskUnit> ranked() {
        return IntStream.range(0, dims.layers() * dims.heads())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer head) -> -importance(head)))
                .map(head -> MaskUnit.head(head / dims.heads(), head % dims.heads()))
                .toList();
    }

    List<Panel> panels(long seed) {
        Quantity logits = Quantity.signed("lost without the head's own value", "logits");
        double[] s = IntStream.range(0, dims.layers() * dims.heads())
                .mapToDouble(this::importance)
                .toArray();
        Grid grid = Grid.of(List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads())), s);
        return List.of(
                memory.heads(MemoryContextHeads.MEMORY, logits, seed),
                told.heads(MemoryContextHeads.TOLD, logits, seed),
                new HeadGrid(MemoryContextHeads.IMPORTANCE, Quantity.signed("d_ctx - d_mem", "logits"), grid),
                table(seed));
    }

    private Table table(long seed) {
        var bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        List<List<Object>> rows = new ArrayList<>();
        for (MaskUnit head : ranked()) {
            int index = head.layer() * dims.heads() + head.head();
            Bootstrap.Ends ofMemory = bootstrap.ofMean(memory.of(index));
            Bootstrap.Ends ofText = bootstrap.ofMean(told.of(index));
            rows.add(List.of(
                    head.label(),
                    memory.mean(index),
                    ofMemory.lower(),
                    ofMemory.upper(),
                    told.mean(index),
                    ofText.lower(),
                    ofText.upper(),
                    importance(index)));
        }
        return new Table(
                MemoryContextHeads.HEADS,
                List.of(
                        Table.Column.text("head"),
                        Table.Column.number("d_mem", "logits"),
                        Table.Column.number("d_mem lower (95 %)", "logits"),
                        Table.Column.number("d_mem upper (95 %)", "logits"),
                        Table.Column.number("d_ctx", "logits"),
                        Table.Column.number("d_ctx lower (95 %)", "logits"),
                        Table.Column.number("d_ctx upper (95 %)", "logits"),
                        Table.Column.number("d_ctx - d_mem", "logits")),
                rows);
    }
}
