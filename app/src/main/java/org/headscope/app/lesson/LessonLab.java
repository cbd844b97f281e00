package org.headscope.app.lesson;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.app.history.HistoryRecorder;
import org.headscope.app.live.Prediction;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.tokens.BosPolicy;
import org.jspecify.annotations.Nullable;

/** The model of a lesson at work: computes what steps show and questions need, each thing once. Any thread may ask. */
public final class LessonLab {
    /** Lessons name positions and numbers, so what stands in front of a prompt must not depend on who reads them. */
    public static final BosPolicy BOS = BosPolicy.AUTO;

    private final OpenModel model;
    private final AnalysisRegistry analyses;
    private final Progress progress;
    private final Map<AnalysisCall, Result> known;

    /**
     * @param model the model, closed by the caller
     * @param analyses what can be computed
     * @param progress is told how far analyses are, may ask to stop
     */
    public LessonLab(OpenModel model, AnalysisRegistry analyses, Progress progress) {
        this(model, analyses, progress, new ConcurrentHashMap<>());
    }

    private LessonLab(OpenModel model, AnalysisRegistry analyses, Progress progress, Map<AnalysisCall, Result> known) {
        this.model = model;
        this.analyses = analyses;
        this.progress = progress;
        this.known = known;
    }

    /** {@return the same lab, with what it knows, telling something else how far it is} */
    public LessonLab telling(Progress other) {
        return new LessonLab(model, analyses, other, known);
    }

    /** {@return the model} */
    public OpenModel model() {
        return model;
    }

    /**
     * Reads heads.
     *
     * @param heads as {@code layer.head}
     * @return the mask that switches them off
     * @throws HeadscopeException when the model has no such head
     */
    public HeadMask mask(List<String> heads) {
        HeadMask none = HeadMask.none(model.maskShape());
        return heads.isEmpty() ? none : none.with(HeadList.parse("mask", heads, model.maskShape()), MaskSetting.ZERO);
    }

    /**
     * Says how something is computed: with nothing masked, with seed 0.
     *
     * @param computation what
     */
    public AnalysisCall call(Computation computation) {
        return new AnalysisCall(
                model,
                RunSettings.unmasked(model, BOS),
                analyses.get(computation.analysis()),
                computation.parameters());
    }

    /**
     * Takes a result that was computed elsewhere.
     *
     * @param call how
     * @param result what came out
     */
    public void keep(AnalysisCall call, Result result) {
        known.put(call, result);
    }

    /**
     * Computes, unless it is known; takes its time.
     *
     * @param computation what
     * @throws HeadscopeException when it cannot be computed on this model
     */
    public Result result(Computation computation) {
        AnalysisCall call = call(computation);
        Result before = known.get(call);
        if (before != null) {
            return before;
        }
        Result fresh = call.run(HistoryRecorder.off(), progress);
        known.put(call, fresh);
        return fresh;
    }

    /**
     * Computes a grid.
     *
     * @param computation what computes it
     * @param title its title
     * @throws HeadscopeException when there is no such grid
     */
    public GridPanel grid(Computation computation, String title) {
        if (panel(computation, title) instanceof GridPanel grid) {
            return grid;
        }
        throw new HeadscopeException("\"" + title + "\" of " + computation.analysis()
                + " is no grid, so it has no cells. Ask for one of its grids, or for row and column of a table.");
    }

    /**
     * Computes a panel.
     *
     * @param computation what computes it
     * @param title its title
     * @throws HeadscopeException when there is none of that title; the message lists those there are
     */
    public Panel panel(Computation computation, String title) {
        Result result = result(computation);
        return result.panel(title)
                .orElseThrow(() -> new HeadscopeException("There is no panel \"" + title + "\" in what "
                        + computation.analysis() + " finds. It has: "
                        + result.panels().stream()
                                .map(panel -> "\"" + panel.title() + "\"")
                                .collect(Collectors.joining(", "))
                        + "."));
    }

    /**
     * Computes a number.
     *
     * @param measure which
     * @param step the step that asks
     * @throws HeadscopeException when there is no such number
     */
    public double value(Measure measure, Step step) {
        if (measure instanceof Measure.Constant constant) {
            return constant.value();
        }
        if (measure instanceof Measure.Probability asked) {
            String prompt = asked.prompt() == null ? prompt(step) : asked.prompt();
            return probability(asked.token(), prompt, mask(asked.mask()));
        }
        if (measure instanceof Measure.Cell cell) {
            return GridCells.at(grid(computation(cell.computation(), step), cell.panel()), cell.at());
        }
        if (measure instanceof Measure.Whole whole) {
            return GridCells.summary(grid(computation(whole.computation(), step), whole.panel()), whole.summary());
        }
        Measure.Entry entry = (Measure.Entry) measure;
        return entry(panel(computation(entry.computation(), step), entry.panel()), entry.row(), entry.column());
    }

    private static Computation computation(@Nullable Computation own, Step step) {
        return own != null ? own : Objects.requireNonNull(step.computation());
    }

    private static String prompt(Step step) {
        return Objects.requireNonNull(step.prompt());
    }

    private static double entry(Panel panel, String row, String column) {
        if (!(panel instanceof Table table)) {
            throw new HeadscopeException("\"" + panel.title() + "\" is no table, so it has no row \"" + row + "\".");
        }
        List<String> columns = table.columns().stream().map(Table.Column::name).toList();
        int place = columns.indexOf(column);
        List<Object> cells = table.rows().stream()
                .filter(one -> String.valueOf(one.get(0)).equals(row))
                .findFirst()
                .orElseThrow(() ->
                        new HeadscopeException("Table \"" + panel.title() + "\" has no row \"" + row + "\". It has: "
                                + table.rows().stream().map(one -> one.get(0)).toList() + "."));
        if (place < 0 || !(cells.get(place) instanceof Number number)) {
            throw new HeadscopeException("Table \"" + panel.title() + "\" has no numbers in a column \"" + column
                    + "\". Its columns are " + columns + ".");
        }
        return number.doubleValue();
    }

    /**
     * Predicts the next token.
     *
     * @param prompt what the model reads
     * @param mask what is masked
     */
    public Prediction predict(String prompt, HeadMask mask) {
        try (LiveRun run = LiveRun.of(model, Prompt.parse(prompt), BOS)) {
            return run.under(mask, MaskSources.NONE).prediction();
        }
    }

    private double probability(String token, String prompt, HeadMask mask) {
        return predict(prompt, mask).probabilities()[token(token)];
    }

    /**
     * Reads a token.
     *
     * @param token text that is one token, or {@code ids:N}
     * @throws HeadscopeException when it is not one token
     */
    public int token(String token) {
        return model.use(open -> new SessionPrompts(Session.of(open)).answer(Prompt.parse(token)));
    }

    /** {@return the text of a token} */
    public String show(int token) {
        return model.use(open -> new SessionPrompts(Session.of(open)).show(token));
    }
}
