package org.headscope.analysis.recall;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.RandomControl;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.sweep.ReceiptSums;

/** Sets heads to 0, from either end of a ranking. */
record ConflictPruning(
        AnalysisContext context, List<MaskUnit> ranked, List<Integer> sizes, ReceiptSums receipts, Progress progress) {
    private ConflictRates.Said ask(List<Conflict> asked, List<MaskUnit> off) {
        return ConflictRates.ask(context, asked, off, receipts, progress);
    }

    /** {@code size} heads that speak most for the text, or for memory. */
    private List<MaskUnit> heads(boolean text, int size) {
        return text ? ranked.subList(0, size) : ranked.subList(ranked.size() - size, ranked.size());
    }

    List<Panel> panels(List<Conflict> choosing, List<Conflict> heldOut, int controls) {
        List<Double> x = new ArrayList<>(List.of(0.0));
        sizes.forEach(size -> x.add((double) size));
        ConflictRates full = ask(choosing, List.of()).all();
        List<ConflictRates> text = new ArrayList<>(List.of(full));
        List<ConflictRates> memory = new ArrayList<>(List.of(full));
        for (int size : sizes) {
            text.add(ask(choosing, heads(true, size)).all());
            memory.add(ask(choosing, heads(false, size)).all());
        }
        Curve curve = new Curve(
                MemoryContextHeads.CURVE,
                Quantity.unsigned("heads pruned", ""),
                Quantity.unsigned("share of answers", ""),
                List.of(
                        new Curve.Line(
                                "text heads pruned: from memory",
                                x,
                                text.stream().map(ConflictRates::fromMemory).toList()),
                        new Curve.Line(
                                "memory heads pruned: from the text",
                                x,
                                memory.stream().map(ConflictRates::fromText).toList())));
        List<MaskUnit> textHeads =
                heads(true, best(text.stream().map(ConflictRates::fromMemory).toList()));
        List<MaskUnit> memoryHeads =
                heads(false, best(memory.stream().map(ConflictRates::fromText).toList()));
        return reported(curve, textHeads, memoryHeads, heldOut, controls);
    }

    /** The size with the highest rate, the smaller one of equals; the first rate belongs to nothing pruned. */
    private int best(List<Double> rates) {
        int best = 1;
        for (int i = 2; i < rates.size(); i++) {
            best = rates.get(i) > rates.get(best) ? i : best;
        }
        return sizes.get(best - 1);
    }

    private List<Panel> reported(
            Curve curve, List<MaskUnit> textHeads, List<MaskUnit> memoryHeads, List<Conflict> heldOut, int controls) {
        ConflictRates.Said full = ask(heldOut, List.of());
        ConflictRates.Said noText = ask(heldOut, textHeads);
        ConflictRates.Said noMemory = ask(heldOut, memoryHeads);
        List<List<Object>> rows = new ArrayList<>();
        rows(rows, "nothing", List.of(), full);
        rows(rows, "text heads", textHeads, noText);
        rows(rows, "memory heads", memoryHeads, noMemory);
        double[] toMemory = new double[controls];
        double[] toText = new double[controls];
        for (int i = 0; i < controls; i++) {
            toMemory[i] = ask(heldOut, random(textHeads, i)).all().fromMemory()
                    - full.all().fromMemory();
            toText[i] = ask(heldOut, random(memoryHeads, i)).all().fromText()
                    - full.all().fromText();
            progress.report(i + 1L, controls, "random heads");
        }
        double memoryGained = noText.all().fromMemory() - full.all().fromMemory();
        double textGained = noMemory.all().fromText() - full.all().fromText();
        return List.of(
                curve,
                new Table(MemoryContextHeads.RATES, COLUMNS, rows),
                new ControlTest(memoryGained, toMemory)
                        .table(MemoryContextHeads.CHANCE_MEMORY, "answers from memory gained"),
                new ControlTest(textGained, toText)
                        .table(MemoryContextHeads.CHANCE_TEXT, "answers from the text gained"));
    }

    private List<MaskUnit> random(List<MaskUnit> like, int index) {
        MaskShape shape = MaskShape.of(context.model().config().dims());
        HeadMask mask = HeadMask.none(shape).with(like, MaskSetting.ZERO);
        return List.copyOf(new RandomControl(context.seed() + index, false, Set.of())
                .draw(mask)
                .units(MaskUnit.Kind.HEAD));
    }

    private static void rows(List<List<Object>> rows, String pruned, List<MaskUnit> heads, ConflictRates.Said said) {
        String labels = heads.stream().map(MaskUnit::label).collect(Collectors.joining(" "));
        row(rows, pruned, labels, "both", said.all());
        row(rows, pruned, labels, "memory", said.of(one -> !one.asksText()));
        row(rows, pruned, labels, "the text", said.of(Conflict::asksText));
    }

    private static void row(List<List<Object>> rows, String pruned, String labels, String asked, ConflictRates rates) {
        if (rates.total() > 0) {
            List<Object> row = new ArrayList<>(List.of(pruned, labels, asked));
            row.addAll(rates.cells());
            rows.add(row);
        }
    }

    private static final List<Table.Column> COLUMNS = List.of(
            Table.Column.text("pruned"),
            Table.Column.text("heads"),
            Table.Column.text("asked for"),
            Table.Column.number("from memory", ""),
            Table.Column.number("lower (95 %)", ""),
            Table.Column.number("upper (95 %)", ""),
            Table.Column.number("from the text", ""),
            Table.Column.number("other", ""),
            Table.Column.integer("questions"));
}
