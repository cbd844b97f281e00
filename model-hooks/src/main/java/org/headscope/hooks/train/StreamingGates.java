package org.headscope.hooks.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.Scalar;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.StreamingWindow;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.FinalState;
import org.headscope.hooks.run.HookEdit;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * One gate per key-value head between full and streaming attention, learned on a frozen model (DuoAttention, Xiao et al.,
 * arXiv 2410.10819, and its code). The teacher is the model as it is. In the student every head gives {@code alpha} times
 * the teacher's output plus {@code 1 - alpha} times what it computes itself with streaming attention, so with all gates at 1
 * the student is the teacher. Gates start at 1 and stay between 0 and 1.
 */
public final class StreamingGates implements AutoCloseable {
    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.999, 1e-8, 0, Double.POSITIVE_INFINITY);
    private static final String ALPHA = "alpha";

    private final HookedTransformer model;
    private final FinalState state;
    private final List<SiteEdit> standing;
    private final List<SiteEdit> streaming;
    private final NDManager manager;
    private final NDArray alpha;
    private final AdamW optimizer;
    private List<Receipt> receipts = List.of();

    /**
     * Gates of a model, all at 1.
     *
     * @param model the model, which stays as it is
     * @param window what streaming heads see
     * @param interventions what holds in teacher and student, such as a mask
     * @throws HeadscopeException when the model is no decoder
     */
    public StreamingGates(HookedTransformer model, StreamingWindow window, List<Intervention> interventions) {
        Dims dims = model.config().dims();
        Set<Integer> heads = IntStream.range(0, dims.heads()).boxed().collect(Collectors.toSet());
        Interventions compiler = new Interventions(model.config());
        this.model = model;
        this.state = FinalState.of(model);
        this.standing = compiler.compile(interventions);
        this.streaming = compiler.compile(IntStream.range(0, dims.layers())
                .<Intervention>mapToObj(layer -> new Intervention.Streaming(layer, heads, window))
                .toList());
        this.manager = model.newManager();
        this.alpha = manager.ones(new Shape(dims.layers(), dims.kvHeads()));
        alpha.setRequiresGradient(true);
        this.optimizer = new AdamW(Map.of(ALPHA, alpha), SETTINGS, manager);
    }

    /**
     * A text whose end counts. Compared by identity.
     *
     * @param ids token ids {@code [pos]}
     * @param from first position whose hidden state counts; all later ones do too
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is to the model, never compared
    public record Sample(int[] ids, int from) {
        /** Refuses a text of which nothing counts. */
        public Sample {
            if (from < 0 || from >= ids.length) {
                throw new HeadscopeException("A text of " + ids.length + " tokens has none from position " + from
                        + " on that could count. Begin earlier.");
            }
        }
    }

    /**
     * What was to be made small.
     *
     * @param distance mean over positions and dimensions of the squared difference of the last hidden states
     * @param penalty weight times the mean gate
     */
    public record Loss(double distance, double penalty) {
        /** {@return both together} */
        public double total() {
            return distance + penalty;
        }
    }

    /**
     * Runs teacher and student forward and the student backward; gradients add up in the gates until {@link #step}. Waits
     * while others take gradients.
     *
     * @param sample the text
     * @param weight of the mean gate in the loss, lambda in the paper
     * @return the loss before the step
     * @throws HeadscopeException when the text does not fit the model
     */
    public Loss learn(Sample sample, double weight) {
        TokenBatch tokens = TokenBatch.of(sample.ids);
        RunRequest request = RunRequest.of(tokens)
                .edits(standing)
                .capture(sites())
                .logitsFrom(sample.from)
                .build();
        try (RunResult teacher = model.run(request)) {
            synchronized (Engines.gradientLock()) {
                return student(tokens, sample.from, teacher.cache(), weight);
            }
        }
    }

    private Set<HookSite> sites() {
        Set<HookSite> sites = new LinkedHashSet<>();
        IntStream.range(0, model.config().dims().layers()).forEach(layer -> sites.add(HookSite.of(SiteKind.Z, layer)));
        sites.add(state.site());
        return sites;
    }

    private Loss student(TokenBatch tokens, int from, ActivationCache teacher, double weight) {
        RunBus bus = new RunBus(model.sites(), edits(teacher));
        List<NDArray> seen = new ArrayList<>();
        bus.observe(state.site(), value -> {
            // The run closes its own handle to the last residual stream.
            seen.add(Alias.of(value, value.getManager()));
            return value;
        });
        try (NDManager temporary = model.newManager();
                GradientCollector collector = Engines.get().newGradientCollector()) {
            var scope = model.forward().scope(temporary, bus, null).recording();
            model.forward().logits(tokens, from, scope);
            receipts = bus.close();
            int rows = tokens.length() - from;
            NDArray wanted = state.read(Alias.of(teacher.get(state.site()), temporary), rows);
            NDArray distance =
                    state.read(seen.get(0), rows).sub(wanted).square().mean();
            NDArray sizes = Alias.of(alpha, temporary).abs();
            NDArray penalty = sizes.mul(Scalar.of(weight, sizes)).mean();
            collector.backward(distance.add(penalty));
            return new Loss(distance.getFloat(), penalty.getFloat());
        }
    }

    private List<SiteEdit> edits(ActivationCache teacher) {
        List<SiteEdit> edits = new ArrayList<>(model.hooks().attached());
        edits.addAll(standing);
        edits.addAll(streaming);
        for (int layer = 0; layer < model.config().dims().layers(); layer++) {
            HookSite site = HookSite.of(SiteKind.Z, layer);
            int at = layer;
            edits.add(new HookEdit(
                    "gates of layer " + layer, site, (value, point) -> mixed(teacher.get(site), value, at)));
        }
        return edits;
    }

    /** {@code alpha * teacher + (1 - alpha) * student}, both {@code [1, pos, head, d_head]}. */
    private NDArray mixed(NDArray teacher, NDArray student, int layer) {
        Dims dims = model.config().dims();
        NDManager temporary = student.getManager();
        NDArray gates = Alias.of(alpha, temporary)
                .get(layer)
                .reshape(dims.kvHeads(), 1)
                .broadcast(dims.kvHeads(), dims.group())
                .reshape(1, 1, dims.heads(), 1);
        return Alias.of(teacher, temporary)
                .mul(gates)
                .add(student.mul(gates.neg().add(1)));
    }

    /**
     * Changes every gate once by AdamW without decay, and keeps it between 0 and 1.
     *
     * @param rate the learning rate
     */
    public void step(double rate) {
        optimizer.step(rate);
        // The engine leaves both limits in the manager of what it clips.
        try (NDManager temporary = manager.newSubManager()) {
            put(Alias.of(alpha, temporary).clip(0, 1));
        }
    }

    /** {@return the gates, layer after layer: {@code [layer * kv_head]}} */
    public double[] values() {
        return doubles(alpha);
    }

    /**
     * Sets all gates.
     *
     * @param values layer after layer, {@code [layer * kv_head]}
     */
    public void set(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        try (NDManager temporary = manager.newSubManager()) {
            put(temporary.create(floats, alpha.getShape()));
        }
    }

    private void put(NDArray values) {
        Overwrite.all(Map.of(ALPHA, alpha), Map.of(ALPHA, values), ALPHA);
    }

    /** The gradient that has added up since the last step, shaped as {@link #values}. */
    double[] gradient() {
        try (NDArray gradient = alpha.getGradient()) {
            return doubles(gradient);
        }
    }

    private static double[] doubles(NDArray array) {
        float[] floats = array.toFloatArray();
        return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
    }

    /** {@return what acted in the latest run of the student} */
    public List<Receipt> receipts() {
        return List.copyOf(receipts);
    }

    @Override
    public void close() {
        optimizer.close();
        manager.close();
    }
}
