package org.headscope.app.workbench;

import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.app.job.JobCancelledException;
import org.headscope.app.model.ModelCard;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelIdentity;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;

/**
 * A model that jobs may be working on when another one is opened: closing it waits for them, and those that come later
 * are turned away instead of touching freed memory.
 */
public final class OpenModel implements AutoCloseable {
    private final HookedTransformer model;
    private final ModelCard card;
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();
    private boolean closed;

    /** @param model owned from now on */
    public OpenModel(HookedTransformer model) {
        this(model, ModelCard.NONE);
    }

    private OpenModel(HookedTransformer model, ModelCard card) {
        this.model = model;
        this.card = card;
    }

    /**
     * Opens a model from disk; takes its time.
     *
     * @param path its folder or weights file
     * @throws org.headscope.hooks.HeadscopeException when something is missing, malformed or not supported
     */
    public static OpenModel load(Path path) {
        ModelCard card = ModelCard.read(path);
        return new OpenModel(ModelLoader.load(path), card);
    }

    /**
     * Works on the model.
     *
     * @param work must not run on the window's thread
     * @throws JobCancelledException when the model was closed in the meantime
     */
    public <T> T use(Function<HookedTransformer, T> work) {
        inUse.readLock().lock();
        try {
            if (closed) {
                throw new JobCancelledException(name());
            }
            return work.apply(model);
        } finally {
            inUse.readLock().unlock();
        }
    }

    public String name() {
        return model.identity().name();
    }

    /** @return what its folder says to people */
    public ModelCard card() {
        return card;
    }

    public ModelIdentity identity() {
        return model.identity();
    }

    public Dims dims() {
        return model.config().dims();
    }

    public String family() {
        return model.config().family();
    }

    public MaskShape maskShape() {
        return MaskShape.of(dims());
    }

    public boolean takesText() {
        return model.tokenizer() != null;
    }

    /** Frees the model once nobody works on it; waits, so never call it on the window's thread. */
    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                model.close();
            }
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
