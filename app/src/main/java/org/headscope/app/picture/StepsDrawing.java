package org.headscope.app.picture;

import java.util.List;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.color.ColorMap;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.picture.Steps.Step;

/** Bars that lead from zero to a sum, one below the other, with names on their left and numbers beside them. */
final class StepsDrawing implements Drawing {
    private static final int LEFT = 10;
    private static final int TOP = 44;
    private static final int PLOT_WIDTH = 420;
    private static final int ROW = 18;
    private static final int MARGIN = 4;
    private static final int GAP = 6;
    /** Narrower bars could not be seen. */
    private static final double NARROWEST = 1;
    /** Blue and red as in the window. */
    private static final int UP = ColorMap.DIVERGING.argb(0.86);

    private static final int DOWN = ColorMap.DIVERGING.argb(0.14);

    private final Table table;
    private final Steps steps;
    private final Axes axes;

    StepsDrawing(Table table) {
        this.table = table;
        this.steps = Steps.of(table);
        double names = widest(steps.all().stream().map(Step::name).toList());
        int rows = Math.max(1, steps.all().size());
        Box plot = new Box(Math.ceil(LEFT + names + 2 * GAP), TOP, PLOT_WIDTH, rows * ROW);
        this.axes = new Axes(plot, steps.range(), new ValueRange(-rows, 0));
    }

    /** The sum is written in bold, so that any text may be. */
    private static double widest(List<String> texts) {
        return texts.stream().mapToDouble(TextStyle.STRONG::width).max().orElse(0);
    }

    @Override
    public double width() {
        List<String> numbers =
                steps.all().stream().map(step -> Ticks.signed(step.value())).toList();
        double texts = Math.max(TextStyle.TITLE.width(table.title()), TextStyle.SMALL.width(caption()));
        return Math.max(axes.plot().right() + 2 * GAP + Math.max(20, widest(numbers)), 30 + texts);
    }

    @Override
    public double height() {
        return axes.plot().bottom() + 50;
    }

    private String caption() {
        int all = table.rows().size();
        int shown = steps.all().size();
        return shown == all ? "" : "the first " + (shown - 1) + " of " + (all - 1) + " steps, and the sum";
    }

    @Override
    public void draw(Surface to) {
        page(to, table.title(), caption());
        Axes.ticks(steps.range()).forEach(tick -> upright(to, tick, new Pen(RULE, 0.8)));
        upright(to, 0, new Pen(FAINT, 1));
        for (int i = 0; i < steps.all().size(); i++) {
            words(to, i);
            bar(to, i);
            joint(to, i);
        }
        axes.below(to);
        axes.title(to, Labels.line(Labels.of(table.columns().get(1))));
    }

    private void upright(Surface to, double number, Pen pen) {
        Spot at = axes.place(number, 0);
        to.line(List.of(at, new Spot(at.x(), axes.plot().bottom())), pen);
    }

    private void words(Surface to, int index) {
        Step step = steps.all().get(index);
        TextStyle style = steps.isSum(index) ? TextStyle.STRONG : TextStyle.PLAIN;
        double baseline = axes.place(0, -index).y() + ROW / 2 + 4;
        double end = step.hasEnds() ? Math.max(step.from(), step.to()) : 0;
        to.text(step.name(), new Spot(LEFT, baseline), style);
        String number = Ticks.signed(step.value());
        Spot beside = new Spot(axes.place(end, 0).x() + GAP, baseline);
        to.fill(new Box(beside.x(), baseline - 10, style.width(number), 12), PAGE); // no line strikes it through
        to.text(number, beside, style);
    }

    /** A step that is taken apart is only a frame: its parts carry the colour. */
    private void bar(Surface to, int index) {
        Step step = steps.all().get(index);
        if (!step.hasEnds()) {
            return;
        }
        Spot corner = axes.place(Math.min(step.from(), step.to()), -index);
        double width = axes.place(Math.max(step.from(), step.to()), 0).x() - corner.x();
        Box bar = new Box(corner.x(), corner.y() + MARGIN, Math.max(NARROWEST, width), ROW - 2 * MARGIN);
        int sign = step.value() < 0 ? DOWN : UP;
        if (steps.isTakenApart(index)) {
            to.frame(bar, new Pen(sign, 1.2));
        } else {
            to.fill(bar, steps.isSum(index) ? Palette.MUTED : sign);
        }
    }

    private void joint(Surface to, int index) {
        steps.joint(index).ifPresent(number -> {
            Spot below = axes.place(number, -index - 1);
            to.line(
                    List.of(new Spot(below.x(), below.y() - MARGIN), new Spot(below.x(), below.y() + MARGIN)),
                    new Pen(FAINT, 1));
        });
    }
}
