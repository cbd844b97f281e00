package org.headscope.analysis.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionRuns;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.handbuilt.GqaModel;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.LinearModel;
import org.headscope.hooks.handbuilt.OrModel;
import org.headscope.hooks.handbuilt.RandomFamily;
import org.headscope.hooks.handbuilt.SinkModel;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.run.RunRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every analysis that there is, also those that others add: on hand-built and random models, on one layer of one head, on
 * prompts of one token and as long as the context allows. It gives numbers, or it says clearly why not; and it gives all
 * native memory back.
 */
@Tag("engine")
class EveryAnalysisTest {
    private static final Path SHIPPED = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
    private static final long PATIENCE_NANOS = 700_000_000L;
    private static final int USUAL = 6;
    private static final Map<String, HookedTransformer> MODELS = new LinkedHashMap<>();

    /** A run of one analysis that is to be tried. */
    private record Trial(
            String model, int length, boolean masked, Function<AnyParameters, List<Map<String, String>>> parameters) {
        Trial(String model, int length, Function<AnyParameters, List<Map<String, String>>> parameters) {
            this(model, length, false, parameters);
        }

        Session session(HookedTransformer on) {
            Session session = Session.of(on).withSeed(7);
            HeadMask first = HeadMask.none(Session.target(on).shape())
                    .with(MaskUnit.head(0, 0), MaskSetting.of(Mode.MEAN))
                    .with(MaskUnit.mlp(0), MaskSetting.ZERO);
            MaskSources sources = new MaskSources("ids:3,1,2", "");
            return masked ? session.with(Session.ActiveMask.of(session, first, sources)) : session;
        }
    }

    static Stream<String> ids() {
        return AnalysisRegistry.load().all().stream()
                .map(analysis -> analysis.info().id());
    }

    @BeforeAll
    static void build() {
        MODELS.put("induction", InductionModel.create());
        MODELS.put("linear", LinearModel.create());
        MODELS.put("sink", SinkModel.create(20));
        MODELS.put("copy", CopyRetrievalModel.create());
        MODELS.put("gqa", GqaModel.create());
        MODELS.put("or", OrModel.create());
        for (RandomFamily family : RandomFamily.values()) {
            MODELS.put(family.label(), family.create(2));
        }
        Dims least = new Dims(1, 1, 1, 8, 4, 12, 20, 9);
        MODELS.put("one gpt2 head", RandomFamily.GPT2.create(least, 3));
        MODELS.put("one llama head", RandomFamily.LLAMA.create(least, 3));
        if (Files.exists(SHIPPED)) {
            MODELS.put("shipped", ModelLoader.load(SHIPPED));
        }
        // Tables that a model makes once, such as rotations, are made now.
        MODELS.values().forEach(model -> model.run(RunRequest.of(
                                TokenBatch.of(new int[model.config().dims().context()]))
                        .lastLogits()
                        .build())
                .close());
    }

    @AfterAll
    static void close() {
        MODELS.values().forEach(HookedTransformer::close);
        MODELS.clear();
    }

    @ParameterizedTest
    @MethodSource("ids")
    void givesFiniteNumbersOrAClearRefusalAndLeavesNothingBehind(String id) {
        Analysis<?, ?> analysis = AnalysisRegistry.load().get(id);
        List<String> wrong = new ArrayList<>();
        int found = 0;
        for (Trial trial : trials()) {
            found += tried(analysis, trial, wrong);
        }
        if (found == 0 && MODELS.containsKey("shipped")) {
            // What needs words has them there.
            found += tried(analysis, new Trial("shipped", 12, p -> List.of(p.least(), p.full(), p.defaults())), wrong);
        }
        if (found == 0) {
            // What judges a mask needs one.
            found += tried(analysis, new Trial("gpt2", USUAL, true, p -> List.of(p.prompts())), wrong);
        }
        assertThat(wrong).as("what went wrong with %s", id).isEmpty();
        assertThat(found).as("runs of %s that found something", id).isPositive();
    }

    private static List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        MODELS.keySet().stream()
                .filter(name -> !name.equals("shipped"))
                .forEach(name -> trials.add(new Trial(name, USUAL, p -> List.of(p.least()))));
        trials.add(new Trial("gpt2", USUAL, true, p -> List.of(p.least(), p.prompts())));
        for (String name : List.of("gpt2", "llama", "induction", "one llama head")) {
            trials.add(new Trial(name, 1, p -> List.of(p.least(), p.full())));
            trials.add(new Trial(name, Integer.MAX_VALUE, p -> List.of(p.least())));
            trials.add(new Trial(name, USUAL, p -> List.of(p.defaults(), p.prompts(), p.full())));
        }
        trials.add(new Trial("gpt2", USUAL, AnyParameters::choices));
        trials.add(new Trial("llama", USUAL, AnyParameters::choices));
        return trials;
    }

    /** {@return how many of the runs found something} */
    private static int tried(Analysis<?, ?> analysis, Trial trial, List<String> wrong) {
        HookedTransformer model = Objects.requireNonNull(MODELS.get(trial.model));
        Dims dims = model.config().dims();
        AnyParameters any = new AnyParameters(
                ParameterBinder.of(analysis.parameters()).specs(), dims, Math.min(trial.length, dims.context()));
        int found = 0;
        for (Map<String, String> texts : trial.parameters.apply(any)) {
            int before = model.ownedResources();
            try {
                found += ran(analysis, trial.session(model), texts) ? 1 : 0;
            } catch (Exception | AssertionError e) {
                wrong.add(trial.model + " " + texts + ": " + e);
            }
            int after = model.ownedResources();
            if (after != before) {
                wrong.add(trial.model + " " + texts + ": keeps " + (after - before) + " arrays");
            }
        }
        return found;
    }

    /** {@return whether it came so far as to find something} */
    private static <P extends Record, F extends Findings> boolean ran(
            Analysis<P, F> analysis, Session session, Map<String, String> texts) {
        try {
            P parameters = ParameterBinder.of(analysis.parameters()).bind(texts);
            Numbers.check(
                    new SessionRuns("test").run(session, analysis, parameters, new Patience(), SweepJournal.none()));
            return true;
        } catch (CancelledException e) {
            return true;
        } catch (HeadscopeException e) {
            assertThat(e.getMessage()).hasSizeGreaterThan(20).matches("(?s).*[.!?)\\]\"]\\s*");
            return false;
        }
    }

    /** Asks to stop after a while; an analysis that was stopped has shown enough. */
    private static final class Patience implements Progress {
        private final long until = System.nanoTime() + PATIENCE_NANOS;

        @Override
        public void report(long done, long total, String message) {
            assertThat(message).isNotBlank();
            assertThat(done).isNotNegative();
        }

        @Override
        public boolean isCancelled() {
            return System.nanoTime() > until;
        }

        @Override
        public void partial(Panel panel) {
            assertThat(panel.title()).isNotBlank();
        }
    }
}
