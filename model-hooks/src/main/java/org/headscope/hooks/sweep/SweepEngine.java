package org.headscope.hooks.sweep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.Forward;
import org.headscope.hooks.forward.Masks;
import org.headscope.hooks.forward.RunScope;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.weights.Linear;

/**
 * Runs many interventions on one base run and computes nothing twice: a cell starts at the first block and the first
 * position it changes, cells of equal shape travel together, and only the logits that the metric reads are made. The
 * results are those of {@link PlainLoop}.
 */
public final class SweepEngine {
    /** Rows of the residual stream that travel together by default: large enough for the processor, small in memory. */
    public static final int DEFAULT_ROWS = 1024;

    private final int maxRows;

    /** An engine with the default memory bound. */
    public SweepEngine() {
        this(DEFAULT_ROWS);
    }

    /** @param maxRows most rows ({@code cells * batch * positions}) that are computed at once; bounds the memory */
    public SweepEngine(int maxRows) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("maxRows must be at least 1, not " + maxRows);
        }
        this.maxRows = maxRows;
    }

    /**
     * Runs a sweep.
     *
     * @param base the run to start from
     * @param cells what to do, one intervention set per cell
     * @param metric what to measure
     * @param listener gets cells as they are done and may cancel
     * @return base value, all values and receipts
     * @throws SweepCancelledException when the listener asked to stop
     * @throws HeadscopeException when an intervention does not fit the model or never fired
     */
    public SweepResult run(BaseRun base, List<SweepCell> cells, SweepMetric metric, SweepListener listener) {
        List<CellPlan> plans = plans(base, cells);
        double[] values = new double[cells.size()];
        Arrays.fill(values, Double.NaN);
        List<List<Receipt>> receipts = new ArrayList<>();
        cells.forEach(cell -> receipts.add(List.of()));
        int readFrom = metric.firstPosition(base.tokens().length());
        try (NDManager manager = base.manager().newSubManager()) {
            Linear columns = columns(base, metric, manager);
            double baseValue = baseValue(base, metric, columns);
            for (Chunk chunk : new Chunks(base, readFrom, maxRows).of(plans)) {
                double[] measured = measure(base, chunk, metric, columns, listener);
                for (int i = 0; i < measured.length; i++) {
                    CellPlan cell = chunk.cells().get(i);
                    values[cell.index()] = measured[i];
                    receipts.set(cell.index(), cell.book().close());
                    listener.done(cell.index(), measured[i], receipts.get(cell.index()));
                }
            }
            return new SweepResult(baseValue, values, List.copyOf(receipts));
        }
    }

    /**
     * Follows cells whose heads are held as far as some sites and no further, and hands out what is there.
     *
     * @param base the run to start from
     * @param cells what to do, all of them {@link SweepCell#held}; nothing behind the last site
     * @param sites queries, keys or values of some layers, or sites behind attention
     * @param from first position that is wanted
     * @param listener may cancel
     * @return activations of every cell that changed something before the site
     * @throws SweepCancelledException when the listener asked to stop
     * @throws HeadscopeException when an intervention does not fit the model or never fired
     */
    public CellActivations read(
            BaseRun base, List<SweepCell> cells, Set<HookSite> sites, int from, SweepListener listener) {
        sites.forEach(base.model().sites()::require);
        List<CellPlan> plans = plans(base, cells);
        if (!plans.stream().allMatch(CellPlan::held)) {
            throw new IllegalArgumentException("Only cells whose heads are held can be read before the logits.");
        }
        CellActivations read = new CellActivations(base.model().newManager(), cells.size(), from);
        try {
            for (Chunk chunk : new Chunks(base, from, maxRows).of(plans)) {
                try (NDManager manager = base.manager().newSubManager()) {
                    new HeldWave(base, chunk, listener, manager).read(sites, read);
                }
            }
            plans.forEach(plan -> read.receipts(plan.index(), plan.book().close()));
            return read;
        } catch (Throwable e) {
            read.close();
            throw e;
        }
    }

    private static List<CellPlan> plans(BaseRun base, List<SweepCell> cells) {
        ModelConfig config = base.model().config();
        Interventions compiler = new Interventions(config);
        List<CellPlan> plans = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            List<SiteEdit> edits = compiler.compile(cells.get(i).interventions());
            edits.forEach(edit -> edit.requireFits(base.tokens().length()));
            boolean held = cells.get(i).held();
            CellPlan plan =
                    new CellPlan(i, edits, base.model().sites(), config.dims().layers(), held);
            if (held) {
                HeldWave.requireBehindHeads(cells.get(i).label(), plan);
            }
            if (plan.splitsInputs()) {
                refuseClash(base, edits);
            }
            plans.add(plan);
        }
        return plans;
    }

    /** The bus of a plain run knows which edits exclude each other. */
    private static void refuseClash(BaseRun base, List<SiteEdit> edits) {
        List<SiteEdit> all = new ArrayList<>(base.standing());
        all.addAll(edits);
        RunBus.requireCompatible(base.model().sites(), all);
    }

    /** Values in the order of {@code chunk}. */
    private double[] measure(BaseRun base, Chunk chunk, SweepMetric metric, Linear columns, SweepListener listener) {
        int readFrom = metric.firstPosition(base.tokens().length());
        try (NDManager manager = base.manager().newSubManager()) {
            Wavefront.Carried end = chunk.held()
                    ? new HeldWave(base, chunk, listener, manager).run()
                    : new Wavefront(base, chunk.cells(), new int[] {chunk.first(), readFrom}, listener, manager).run();
            var bus = new CellBus(base.standing(), end.cells(), base.tokens().size());
            RunScope scope = new RunScope(manager, bus, new Masks(manager, true, null));
            NDArray logits = base.model().forward().unembed(end.resid(), readFrom, columns, scope);
            double[] measured = metric.measure(logits, chunk.cells().size());
            double[] ordered = new double[measured.length];
            for (int i = 0; i < measured.length; i++) {
                ordered[chunk.cells().indexOf(end.cells().get(i))] = measured[i];
            }
            return ordered;
        }
    }

    private static double baseValue(BaseRun base, SweepMetric metric, Linear columns) {
        Dims dims = base.model().config().dims();
        int readFrom = metric.firstPosition(base.tokens().length());
        try (NDManager manager = base.manager().newSubManager()) {
            Forward forward = base.model().forward();
            var bus = new CellBus(base.standing(), List.of(), base.tokens().size());
            RunScope scope = new RunScope(manager, bus, new Masks(manager, true, null));
            NDArray end = Alias.rows(
                    base.input(dims.layers()), readFrom, base.tokens().length(), manager);
            return metric.measure(forward.unembed(end, readFrom, columns, scope), 1)[0];
        }
    }

    private static Linear columns(BaseRun base, SweepMetric metric, NDManager manager) {
        int[] tokens = metric.tokens();
        if (tokens == null) {
            return base.model().weights().unembed().unembed();
        }
        int vocab = base.model().config().dims().vocab();
        for (int token : tokens) {
            if (token < 0 || token >= vocab) {
                throw new HeadscopeException("The metric reads token " + token
                        + ", but this model's vocabulary is 0 to " + (vocab - 1) + ".");
            }
        }
        return base.model().forward().columns(tokens, manager);
    }
}
