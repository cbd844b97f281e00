package org.headscope.app.workbench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.LongSupplier;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.hooks.tokens.BosPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Steps back and forth through what a person did to mask, prompt and settings. Quick changes of the same thing, such as
 * typing or a slider that is dragged, are one step. Another model begins anew.
 */
public final class Edits {
    private static final int MOST = 200;
    private static final long ONE_STEP_NANOS = 800_000_000L;

    private final Workbench bench;
    private final LongSupplier nanos;
    private final Deque<State> before = new ArrayDeque<>();
    private final Deque<State> after = new ArrayDeque<>();
    private final ReadOnlyBooleanWrapper undoable = new ReadOnlyBooleanWrapper(this, "undoable");
    private final ReadOnlyBooleanWrapper redoable = new ReadOnlyBooleanWrapper(this, "redoable");
    private State now;
    private long changed;
    private Kind last = Kind.NONE;
    private boolean stepping;

    /** What can be undone. */
    private record State(@Nullable HeadMask mask, String prompt, BosPolicy bos, long seed) {}

    /** What a step changes; only some kinds come in many small changes. */
    private enum Kind {
        NONE,
        PROMPT,
        GATES,
        OTHER
    }

    Edits(Workbench bench, LongSupplier nanos) {
        this.bench = bench;
        this.nanos = nanos;
        this.now = state();
        bench.maskProperty().subscribe(this::changed);
        bench.promptProperty().subscribe(this::changed);
        bench.bosProperty().subscribe(this::changed);
        bench.seedProperty().subscribe(this::changed);
        bench.modelProperty().subscribe(this::restart);
    }

    /** Whether there is a step to take back. */
    public ReadOnlyBooleanProperty undoableProperty() {
        return undoable.getReadOnlyProperty();
    }

    /** Whether a step was taken back. */
    public ReadOnlyBooleanProperty redoableProperty() {
        return redoable.getReadOnlyProperty();
    }

    /** Takes the last step back. */
    public void undo() {
        step(before, after);
    }

    /** Does again what was taken back. */
    public void redo() {
        step(after, before);
    }

    private void step(Deque<State> from, Deque<State> to) {
        State target = from.pollLast();
        if (target == null) {
            return;
        }
        to.addLast(now);
        stepping = true;
        try {
            bench.maskProperty().set(target.mask());
            bench.promptProperty().set(target.prompt());
            bench.bosProperty().set(target.bos());
            bench.seedProperty().set(target.seed());
        } finally {
            stepping = false;
        }
        now = target;
        last = Kind.NONE;
        tell();
    }

    private void changed() {
        State fresh = state();
        if (stepping || fresh.equals(now)) {
            return;
        }
        Kind kind = kind(now, fresh);
        long time = nanos.getAsLong();
        boolean goesOn = kind == last && kind != Kind.OTHER && time - changed < ONE_STEP_NANOS;
        if (!goesOn) {
            before.addLast(now);
            if (before.size() > MOST) {
                before.removeFirst();
            }
        }
        after.clear();
        now = fresh;
        last = kind;
        changed = time;
        tell();
    }

    private static Kind kind(State from, State to) {
        HeadMask old = from.mask();
        HeadMask fresh = to.mask();
        boolean samePrompt = from.prompt().equals(to.prompt());
        if (from.bos() != to.bos() || from.seed() != to.seed()) {
            return Kind.OTHER;
        }
        if (Objects.equals(old, fresh)) {
            return Kind.PROMPT;
        }
        boolean sameParts = old != null
                && fresh != null
                && old.entries().keySet().equals(fresh.entries().keySet());
        return sameParts && samePrompt ? Kind.GATES : Kind.OTHER;
    }

    private void restart() {
        before.clear();
        after.clear();
        now = state();
        last = Kind.NONE;
        tell();
    }

    private void tell() {
        undoable.set(!before.isEmpty());
        redoable.set(!after.isEmpty());
    }

    private State state() {
        return new State(
                bench.maskProperty().get(),
                bench.promptProperty().get(),
                bench.bosProperty().get(),
                bench.seedProperty().get());
    }
}
