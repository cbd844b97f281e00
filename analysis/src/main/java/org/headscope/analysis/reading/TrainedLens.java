package org.headscope.analysis.reading;

import java.util.List;
import java.util.function.Function;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.train.StreamTranslator;

/**
 * A tuned lens, trained once and ready to read any prompt under the standing interventions it was trained with (Belrose et
 * al. 2303.08112). Close it before its model to free the translators.
 */
public final class TrainedLens implements AutoCloseable {
    private final LensTraining training;
    private final TunedPanels panels;
    private final List<ReceiptSummary> receipts;
    private boolean closed;

    private TrainedLens(LensTraining training, TunedPanels panels, List<ReceiptSummary> receipts) {
        this.training = training;
        this.panels = panels;
        this.receipts = List.copyOf(receipts);
    }

    /**
     * Trains a lens and tests it on texts it was not trained on; takes its time.
     *
     * @param context the model, and what holds while training and testing
     * @param how what to train on and how; its prompt and answer do not matter
     * @param progress is told how far it is, may ask to stop
     * @return the lens; close it
     * @throws org.headscope.hooks.HeadscopeException when the model has no such lens, or there is nothing to train on
     */
    public static TrainedLens train(AnalysisContext context, TunedLens.Parameters how, Progress progress) {
        TunedLens.refuse(context);
        LensTexts texts = how.text() == null
                ? LensTexts.ofTasks(context, how.task(), how.tokens())
                : LensTexts.ofText(context, how.text(), how.length());
        var schedule = new LensTraining.Schedule(how.steps(), how.batch(), how.rate());
        LensTraining training = new LensTraining(context.model());
        try (StreamData learned = StreamData.of(context, texts.train(), true, progress)) {
            training.run(learned, schedule, progress);
            TunedPanels panels = test(context, texts, training, learned.size(), progress);
            return new TrainedLens(training, panels, learned.receipts());
        } catch (Throwable e) {
            training.close();
            throw e;
        }
    }

    private static TunedPanels test(
            AnalysisContext context, LensTexts texts, LensTraining training, int learned, Progress progress) {
        progress.report(0, 0, "testing the lens");
        HookedTransformer model = context.model();
        try (StreamData data = StreamData.of(context, texts.heldOut(), false, progress)) {
            return new TunedPanels(
                    LensDistance.of(model, data, List.of(), context.seed(), progress),
                    LensDistance.of(model, data, training.translators(), context.seed(), progress),
                    training.losses(),
                    new TunedPanels.Size(
                            texts.train().size(), learned, texts.heldOut().size(), data.size()));
        }
    }

    List<StreamTranslator> translators() {
        return training.translators();
    }

    /** How good it is. */
    TunedPanels panels() {
        return panels;
    }

    List<ReceiptSummary> receipts() {
        return receipts;
    }

    /** {@return mean held-out {@code KL(model || lens)} in bits of every residual stream, the last of them 0} */
    public List<Double> heldOutBits() {
        return panels.after().bits().stream().map(bits -> bits.mean()).toList();
    }

    /** {@return the same of the logit lens on the same texts} */
    public List<Double> logitLensBits() {
        return panels.before().bits().stream().map(bits -> bits.mean()).toList();
    }

    /** Reads with the translators, which stay until that is done. */
    synchronized <T> T reading(Function<List<StreamTranslator>, T> work) {
        if (closed) {
            throw new CancelledException();
        }
        return work.apply(training.translators());
    }

    @Override
    public synchronized void close() {
        closed = true;
        training.close();
    }
}
