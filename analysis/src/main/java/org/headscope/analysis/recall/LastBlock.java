package org.headscope.analysis.recall;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.headscope.analysis.attribution.AnswerContributions;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.patching.SenderMeans;
import org.headscope.analysis.reading.EndAttention;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.hooks.config.ModelConfig;

/** What the heads and the MLP of the last block contribute directly to the answers of many examples. */
record LastBlock(ModelConfig config, SenderMeans contributions, SenderMeans attention) {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    static LastBlock of(AnalysisContext context, List<EncodedExample> examples, Progress progress) {
        ModelConfig config = context.model().config();
        LastBlock last = new LastBlock(config, new SenderMeans(config), new SenderMeans(config));
        for (EncodedExample example : examples) {
            progress.checkCancelled();
            var written = AnswerContributions.of(context, example.clean(), example.answers()[0]);
            last.contributions.add(DoubleStream.concat(
                            DoubleStream.of(written.heads().get(0)),
                            DoubleStream.of(written.mlps().get(0)))
                    .toArray());
            last.attention.add(EndAttention.of(context, example.clean()).mass(List.of(0)));
        }
        return last;
    }

    /** Heads of the last layer, then its MLP where there is one. */
    private List<MaskUnit> parts() {
        int layer = config.dims().layers() - 1;
        List<MaskUnit> parts = new ArrayList<>(MaskShape.of(config.dims()).headsOf(layer));
        if (config.block().hasMlp()) {
            parts.add(MaskUnit.mlp(layer));
        }
        return parts;
    }

    private int index(MaskUnit part) {
        int heads = config.dims().heads();
        return part.kind() == MaskUnit.Kind.MLP
                ? config.dims().layers() * heads + part.layer()
                : part.layer() * heads + part.head();
    }

    /** Parts that surely speak against the answer. */
    List<MaskUnit> suppressing(long seed) {
        var bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        return parts().stream()
                .filter(part -> bootstrap.ofMean(contributions.of(index(part))).upper() < 0)
                .toList();
    }

    /** One row per part; {@code suppressing} were chosen elsewhere. */
    Table table(List<MaskUnit> suppressing, long seed) {
        var bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        List<List<Object>> rows = new ArrayList<>();
        for (MaskUnit part : parts()) {
            Bootstrap.Ends ends = bootstrap.ofMean(contributions.of(index(part)));
            double first = part.kind() == MaskUnit.Kind.MLP ? Double.NaN : attention.mean(index(part));
            rows.add(List.of(
                    part.label(),
                    contributions.mean(index(part)),
                    ends.lower(),
                    ends.upper(),
                    first,
                    suppressing.contains(part) ? "yes" : "no"));
        }
        return new Table(
                Overconfidence.PARTS,
                List.of(
                        Table.Column.text("part"),
                        Table.Column.number("contribution to the answer", "logits"),
                        Table.Column.number("lower (95 %)", "logits"),
                        Table.Column.number("upper (95 %)", "logits"),
                        Table.Column.number("attention to the first position", ""),
                        Table.Column.text("suppresses in training examples")),
                rows);
    }
}
