package org.headscope.app.history;

import java.nio.file.Path;
import java.util.Locale;
import org.headscope.analysis.mask.io.HashCheck;
import org.headscope.analysis.mask.io.MaskJson;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.store.RunSpec;
import org.headscope.analysis.store.RunStatus;
import org.headscope.analysis.store.StoredRun;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.tokens.BosPolicy;

/** Runs again what is in the history, on the same model with the same settings. */
public final class Repeat {
    private final WorkspaceStore store;

    /** @param store the history */
    public Repeat(WorkspaceStore store) {
        this.store = store;
    }

    /**
     * Runs it again. An interrupted run goes on where it stopped; any other becomes a new run.
     *
     * @param id number of the run
     * @param progress is told how far it is, may ask to stop
     * @return the result
     * @throws HeadscopeException when the model is gone or has changed
     */
    public Result run(long id, Progress progress) {
        StoredRun run = store.runs()
                .find(id)
                .orElseThrow(() -> new HeadscopeException("There is no run " + id + " in " + store.file() + "."));
        RunSpec spec = run.spec();
        try (HookedTransformer model = ModelLoader.load(Path.of(spec.model().path()))) {
            requireSame(spec, model);
            Session plain = Session.of(model).withSeed(spec.seed()).with(bos(id));
            Session session = plain.with(mask(spec, plain));
            boolean goOn = run.state().status() == RunStatus.INTERRUPTED;
            return run(AnalysisRegistry.load().get(spec.analysis()), spec, session, goOn ? id : -1, progress);
        } catch (ParameterException e) {
            throw new HeadscopeException(
                    "Run " + id + " was recorded by Headscope " + spec.codeVersion()
                            + " with parameters that this version"
                            + " does not take: " + e.getMessage() + " Run it anew with these parameters changed: "
                            + spec.parameters(),
                    e);
        }
    }

    private <P extends Record, F extends Findings> Result run(
            Analysis<P, F> analysis, RunSpec spec, Session session, long goOn, Progress progress) {
        P parameters = ParameterBinder.of(analysis.parameters()).bind(spec.parameters());
        HistoryRecorder recorder = HistoryRecorder.into(store);
        return goOn >= 0
                ? recorder.run(goOn, session, analysis, parameters, progress)
                : recorder.run(session, analysis, parameters, progress);
    }

    private static void requireSame(RunSpec spec, HookedTransformer model) {
        if (!model.identity().hash().equals(spec.model().hash())) {
            throw new HeadscopeException("The model at " + spec.model().path()
                    + " is not the one of this run: its hash is "
                    + model.identity().hash() + ", it was "
                    + spec.model().hash() + ".");
        }
    }

    private static Session.ActiveMask mask(RunSpec spec, Session plain) {
        if (spec.mask().isEmpty()) {
            return Session.ActiveMask.NONE;
        }
        var imported = MaskJson.read(spec.mask().toString(), Session.target(plain.model()), HashCheck.REQUIRE);
        return Session.ActiveMask.of(plain, imported.mask(), imported.sources());
    }

    private BosPolicy bos(long id) {
        return store.runs()
                .result(id)
                .map(result -> BosPolicy.valueOf(
                        result.provenance().numerics().bosPolicy().toUpperCase(Locale.ROOT)))
                .orElse(BosPolicy.AUTO);
    }
}
