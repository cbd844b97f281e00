package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.Families;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.Panels;
import org.headscope.analysis.circuit.CopyingScores;
import org.headscope.analysis.detect.HeadProfile.Parameters;
import org.headscope.analysis.metric.MeanLoss;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.handbuilt.SinkModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class HeadProfileTest {
    private static final int LENGTH = 20;
    private static final int[] IDS =
            IntStream.range(0, LENGTH).map(i -> (11 * i + 5) % 40).toArray();

    @Test
    void everyHeadOfTheInductionModelHasTheRowThatIsKnownOfIt() {
        int[] twice = IntStream.range(0, 32).map(i -> i % 16 + 1).toArray();
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = run(model, twice, 32);

            Table heads = Panels.table(found, HeadProfile.TABLE);
            List<Object> previous = row(heads, "0.1");
            List<Object> induction = row(heads, "1.2");
            assertThat((double) value(heads, previous, "Previous-token score")).isCloseTo(1, within(1e-5));
            assertThat((double) value(heads, previous, "Span")).isCloseTo(31.0 / 32, within(1e-4));
            assertThat((double) value(heads, previous, "Entropy")).isCloseTo(0, within(1e-4));
            assertThat((double) value(heads, induction, "Induction score")).isCloseTo(1, within(1e-5));
            assertThat((double) value(heads, induction, CopyingScores.SCORES)).isCloseTo(1, within(1e-9));
            assertThat((double) value(heads, induction, "Zero ablation")).isGreaterThan(1);
            assertThat((double) value(heads, previous, "Zero ablation")).isGreaterThan(1);
            assertThat((double) value(heads, row(heads, "1.0"), "Zero ablation"))
                    .isCloseTo(0, within(1e-6));
            assertThat((double) value(heads, row(heads, "1.0"), "Output norm")).isZero();
        }
    }

    @Test
    void aUniformHeadHasItsEntropyAndASinkHeadItsScore() {
        try (HookedTransformer model = SinkModel.create(50)) {
            Findings found =
                    run(model, IntStream.range(0, LENGTH).map(i -> i % 16).toArray(), LENGTH);

            double entropy = IntStream.rangeClosed(1, LENGTH)
                    .mapToDouble(Math::log)
                    .average()
                    .orElseThrow();
            assertThat(Panels.grid(found, "Entropy")[SinkModel.UNIFORM_HEAD]).isCloseTo(entropy, within(1e-5));
            assertThat(Panels.grid(found, "Sink score")[SinkModel.SINK_HEAD])
                    .isCloseTo(SinkModel.sinkScore(50, LENGTH), within(1e-5));
            assertThat(Panels.grid(found, "Uniform ablation")[SinkModel.UNIFORM_HEAD])
                    .as("what is uniform already")
                    .isCloseTo(0, within(1e-6));
        }
    }

    /** Effects against single runs, the slope against a finite difference of gates, the output against the result site. */
    @ParameterizedTest
    @MethodSource("families")
    void numbersAreThoseOfSingleRuns(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 4)) {
            Findings found = run(model, IDS, LENGTH);

            double full = loss(model, List.of());
            Target head = new Target.Head(1, 2);
            int cell = 6;
            double zero = loss(model, List.of(new Intervention.Ablate(head, new Ablation.Zero())));
            double uniform = loss(model, List.of(new Intervention.Ablate(head, new Ablation.Uniform())));
            assertThat(Panels.grid(found, "Zero ablation")[cell]).isCloseTo(zero - full, within(1e-5));
            assertThat(Panels.grid(found, "Uniform ablation")[cell]).isCloseTo(uniform - full, within(1e-5));
            double more = loss(model, List.of(new Intervention.Ablate(head, new Ablation.Gate(1.25))));
            double less = loss(model, List.of(new Intervention.Ablate(head, new Ablation.Gate(0.75))));
            double slope = Math.abs(more - less) / 0.5;
            assertThat(Panels.grid(found, "Gate gradient")[cell]).isCloseTo(slope, within(1e-4 + 0.02 * slope));
            assertThat(Panels.grid(found, "Output norm")[cell]).isCloseTo(outputNorm(model), within(1e-4));
        }
    }

    static Stream<ModelConfig> families() {
        return Families.all(2);
    }

    private static double loss(HookedTransformer model, List<Intervention> edits) {
        TokenBatch tokens = TokenBatch.of(IDS);
        try (RunResult run = model.run(RunRequest.of(tokens)
                .edits(new Interventions(model.config()).compile(edits))
                .build())) {
            return new MeanLoss(tokens).measure(run.logits(), 1)[0];
        }
    }

    /** Of head 1.2. */
    private static double outputNorm(HookedTransformer model) {
        HookSite site = HookSite.of(SiteKind.RESULT, 1);
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(IDS)).capture(site).build())) {
            float[] flat = run.cache().get(site).toFloatArray();
            int width = model.config().dims().dModel();
            double sum = 0;
            for (int t = 0; t < LENGTH; t++) {
                double squares = 0;
                for (int i = 0; i < width; i++) {
                    double x = flat[(t * 4 + 2) * width + i];
                    squares += x * x;
                }
                sum += Math.sqrt(squares) / LENGTH;
            }
            return sum;
        }
    }

    private static List<Object> row(Table table, String head) {
        return table.rows().stream()
                .filter(row -> row.get(0).equals(head))
                .findFirst()
                .orElseThrow();
    }

    private static Object value(Table table, List<Object> row, String column) {
        return row.get(table.columns().stream().map(Table.Column::name).toList().indexOf(column));
    }

    private static Findings run(HookedTransformer model, int[] ids, int length) {
        var parameters = new Parameters(prompt(ids), 2, length, false);
        Findings found = new HeadProfile().run(IdContexts.of(model), parameters, Progress.none());
        int before = model.ownedResources();
        new HeadProfile().run(IdContexts.of(model), parameters, Progress.none());
        assertThat(model.ownedResources()).isEqualTo(before);
        return found;
    }
}
