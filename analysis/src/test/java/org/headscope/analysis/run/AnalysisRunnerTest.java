package org.headscope.analysis.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.result.Provenance;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.SampleResults;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.sweep.SweepCancelledException;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnalysisRunnerTest {
    private static final Provenance SAMPLE = SampleResults.provenance(0);

    @SuppressWarnings("NullAway.Init")
    private HookedTransformer model;

    @BeforeAll
    void open() {
        model = RandomModel.of(RandomModel.gpt2(new Dims(2, 3, 3, 12, 4, 8, 16, 20)), 1);
    }

    @AfterAll
    void close() {
        model.close();
    }

    record Parameters(@Param(label = "Prompt", defaultValue = "ids:1,2", help = "h") Prompt prompt) {}

    private enum Behaviour {
        FIND,
        STOP_IN_SWEEP
    }

    private record Sizes(Behaviour behaviour) implements Analysis<Parameters, Findings> {
        @Override
        public AnalysisInfo info() {
            return AnalysisInfo.of("sizes", "Sizes", AnalysisInfo.Area.DETECT)
                    .measures("m")
                    .formula("f")
                    .source("s")
                    .exactness(AnalysisInfo.Exactness.EXACT, "e")
                    .cost("none")
                    .build();
        }

        @Override
        public Class<Parameters> parameters() {
            return Parameters.class;
        }

        @Override
        public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
            if (behaviour == Behaviour.STOP_IN_SWEEP) {
                throw new SweepCancelledException();
            }
            context.prompts().encode("clean", parameters.prompt());
            Dims dims = context.model().config().dims();
            Grid grid = Grid.builder(Axis.layers(dims.layers()), Axis.heads(dims.heads()))
                    .snapshot();
            return Findings.of(new HeadGrid("Heads", Quantity.signed("effect", ""), grid));
        }
    }

    /** Takes ids as they are. */
    private static final class IdsOnly implements AnalysisContext.PromptEncoder {
        private final List<PromptTokens> encoded = new ArrayList<>();

        @Override
        public PromptTokens encode(String role, Prompt prompt) {
            PromptTokens tokens = new PromptTokens(role, ((Prompt.Ids) prompt).ids(), List.of(), false);
            encoded.add(tokens);
            return tokens;
        }

        @Override
        public int answer(Prompt answer) {
            return ((Prompt.Ids) answer).ids().get(0);
        }

        @Override
        public String show(int id) {
            return Integer.toString(id);
        }

        @Override
        public List<PromptTokens> encoded() {
            return encoded;
        }

        @Override
        public BosPolicy bos() {
            return BosPolicy.NEVER;
        }
    }

    private Result run(Behaviour behaviour, Progress progress) {
        AnalysisContext context = new AnalysisContext(model, new IdsOnly(), List.of(), 42, SweepJournal.none());
        RunIdentity identity = new RunIdentity(SAMPLE.model(), SAMPLE.numerics(), "1.2.3");
        Parameters parameters = new Parameters(new Prompt.Ids(List.of(3, 4, 5)));
        return new AnalysisRunner(identity).run(new Sizes(behaviour), context, parameters, progress);
    }

    @Test
    void aResultSaysWhereItCameFrom() {
        Result result = run(Behaviour.FIND, Progress.none());
        Provenance source = result.provenance();
        assertThat(source.analysis()).isEqualTo("sizes");
        assertThat(source.parameters().toString()).isEqualTo("{\"prompt\":[3,4,5]}");
        assertThat(source.prompts()).containsExactly(new PromptTokens("clean", List.of(3, 4, 5), List.of(), false));
        assertThat(source.seed()).isEqualTo(42);
        assertThat(source.appVersion()).isEqualTo("1.2.3");
        assertThat(source.timing().seconds()).isBetween(0.0, 60.0);
        assertThat(((HeadGrid) result.panels().get(0)).grid().shape()).containsExactly(2, 3);
    }

    @Test
    void aResultOfARunSurvivesItsFile() {
        Result result = run(Behaviour.FIND, Progress.none());
        assertThat(ResultJson.read(ResultJson.write(result))).isEqualTo(result);
    }

    @Test
    void stoppingInsideASweepIsTheSameAsStoppingElsewhere() {
        assertThatThrownBy(() -> run(Behaviour.STOP_IN_SWEEP, Progress.none()))
                .isInstanceOf(CancelledException.class)
                .hasCauseInstanceOf(SweepCancelledException.class);
    }

    @Test
    void aRunThatWasStoppedBeforeItBeganDoesNothing() {
        Progress stopped = new Progress() {
            @Override
            public void report(long done, long total, String message) {}

            @Override
            public boolean isCancelled() {
                return true;
            }

            @Override
            public void partial(Panel panel) {}
        };
        assertThatThrownBy(() -> run(Behaviour.FIND, stopped)).isInstanceOf(CancelledException.class);
    }
}
