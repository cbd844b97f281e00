package org.headscope.hooks.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.headscope.hooks.HeadscopeException;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101). Its two moments can be read and put back, so
 * that an interrupted training goes on as if nothing had happened. Vectors (biases and gains) do not decay.
 */
public final class AdamW implements AutoCloseable {
    private static final String FIRST = "m.";
    private static final String SECOND = "v.";

    private final Map<String, NDArray> parameters;
    private final Settings settings;
    private final NDManager manager;
    private final Map<String, NDArray> moments = new LinkedHashMap<>();
    private long steps;

    /**
     * What does not change between steps.
     *
     * @param beta1 decay of the mean gradient
     * @param beta2 decay of the mean squared gradient
     * @param epsilon added to the root of the latter
     * @param decay share of each matrix that is taken away per step, times the learning rate
     * @param clip longest gradient, over all parameters together; longer ones are shortened to it
     */
    public record Settings(double beta1, double beta2, double epsilon, double decay, double clip) {}

    /**
     * An optimizer that has not made a step.
     *
     * @param parameters what to train, by name; each must carry a gradient when {@link #step} is called
     * @param settings what does not change
     * @param owner its memory lives as long as this, or until {@link #close}
     */
    public AdamW(Map<String, NDArray> parameters, Settings settings, NDManager owner) {
        this.parameters = parameters;
        this.settings = settings;
        this.manager = owner.newSubManager();
        parameters.forEach((name, parameter) -> {
            moments.put(FIRST + name, zeros(parameter));
            moments.put(SECOND + name, zeros(parameter));
        });
    }

    private NDArray zeros(NDArray like) {
        return manager.zeros(like.getShape(), like.getDataType());
    }

    /** {@return the number of steps made} */
    public long steps() {
        return steps;
    }

    /** {@return {@code m.NAME} and {@code v.NAME} for every parameter, as they are now} */
    public Map<String, NDArray> moments() {
        return Map.copyOf(moments);
    }

    /**
     * Goes back to where another run was.
     *
     * @param made number of steps it had made
     * @param saved its {@link #moments}
     * @throws HeadscopeException when one is missing or of another shape; nothing has changed then
     */
    public void restore(long made, Map<String, NDArray> saved) {
        Overwrite.all(moments, saved, "optimizer");
        steps = made;
    }

    /**
     * Changes every parameter once, and sets its gradient back to zero.
     *
     * @param rate the learning rate
     * @return length of the gradient before clipping
     * @throws HeadscopeException when the gradient is not a number; it is set back to zero all the same, and nothing else
     *     has changed
     */
    public double step(double rate) {
        try (NDManager temporary = manager.newSubManager()) {
            Map<String, NDArray> gradients = gradients(temporary);
            try {
                double norm = length(gradients.values());
                steps++;
                double scale = norm > settings.clip ? settings.clip / norm : 1;
                gradients.forEach((name, gradient) -> update(name, gradient.mul(scale), rate));
                return norm;
            } finally {
                gradients.values().forEach(Overwrite::clear);
            }
        }
    }

    private Map<String, NDArray> gradients(NDManager owner) {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            NDArray gradient = parameter.getGradient();
            gradient.attach(owner);
            gradients.put(name, gradient);
        });
        return gradients;
    }

    private double length(Collection<NDArray> gradients) {
        double squares = gradients.stream()
                .mapToDouble(gradient -> gradient.square().sum().getFloat())
                .sum();
        if (!Double.isFinite(squares)) {
            throw new HeadscopeException(
                    "The gradient is not a number after " + steps + " steps. Train with a smaller learning rate.");
        }
        return Math.sqrt(squares);
    }

    private void update(String name, NDArray gradient, double rate) {
        NDArray m = moment(FIRST + name);
        NDArray v = moment(SECOND + name);
        m.muli(settings.beta1).addi(gradient.mul(1 - settings.beta1));
        v.muli(settings.beta2).addi(gradient.square().muli(1 - settings.beta2));
        double unbias = 1 - Math.pow(settings.beta1, steps);
        NDArray root = gradient.getManager().create(0f).add(v).divi(1 - Math.pow(settings.beta2, steps));
        NDArray change = root.sqrt().addi(settings.epsilon);
        overwrite(
                parameter(name),
                1 - rate * settings.decay,
                gradient.muli(0).addi(m).divi(change).muli(rate / unbias));
    }

    /**
     * Every thread of the engine records gradients until it has collected some for the first time, and a recorded array must
     * not be changed in place: so that any thread can make a step, the parameter is none while it changes.
     */
    private static void overwrite(NDArray parameter, double keep, NDArray less) {
        parameter.setRequiresGradient(false);
        try {
            if (parameter.getShape().dimension() > 1) {
                parameter.muli(keep);
            }
            parameter.subi(less);
        } finally {
            parameter.setRequiresGradient(true);
        }
    }

    private NDArray moment(String name) {
        return require(moments, name);
    }

    private NDArray parameter(String name) {
        return require(parameters, name);
    }

    private static NDArray require(Map<String, NDArray> from, String name) {
        NDArray found = from.get(name);
        if (found == null) {
            throw new IllegalStateException("There is no " + name + ".");
        }
        return found;
    }

    @Override
    public void close() {
        manager.close();
    }
}
