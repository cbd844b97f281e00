package org.headscope.analysis.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskInterventions;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.TokenSeries;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.TaskScore;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class MaskEvaluationTest {
    private static final Path WORLD = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
    private static final int[] IDS = {0, 1, 2, 3, 4, 1, 2, 3};
    private static final long SEED = 5;

    @Test
    void lossesAreThoseOfAPlainLoop() {
        try (HookedTransformer model = InductionModel.create()) {
            HeadMask mask = none(model)
                    .with(MaskUnit.head(1, 2), MaskSetting.ZERO)
                    .with(MaskUnit.head(0, 1), MaskSetting.gate(0.25));
            Findings found = run(model, mask, Map.of("text", "ids:0,1,2,3,4,1,2,3", "controls", "2"));

            Table table = table(found, MaskEvaluation.LOSS);
            assertThat(table.rows()).hasSize(4);
            double plain = loss(model, List.of());
            double masked = loss(model, compile(mask));
            assertThat((double) table.rows().get(0).get(3)).isCloseTo(plain, within(1e-6));
            assertThat((double) table.rows().get(1).get(3)).isCloseTo(masked, within(1e-6));
            assertThat((double) table.rows().get(1).get(4)).isCloseTo(Math.exp(masked), within(1e-6));
            assertThat((double) table.rows().get(1).get(5)).isCloseTo(masked - plain, within(1e-6));
            assertThat(masked).isNotCloseTo(plain, within(1e-3));
            TokenSeries tokens = found.panels().stream()
                    .filter(TokenSeries.class::isInstance)
                    .map(TokenSeries.class::cast)
                    .findFirst()
                    .orElseThrow();
            double[] each = Arrays.copyOfRange(tokens.grid().toArray(), IDS.length + 1, 2 * IDS.length);
            assertThat(Arrays.stream(each).average().orElseThrow()).isCloseTo(masked, within(1e-6));
        }
    }

    @Test
    void controlsMaskAsManyHeadsInEveryLayerAndTellTheirSeeds() {
        try (HookedTransformer model = InductionModel.create()) {
            HeadMask mask = none(model)
                    .with(List.of(MaskUnit.head(1, 2), MaskUnit.head(1, 0), MaskUnit.head(0, 1)), MaskSetting.ZERO);
            Table table = table(
                    run(model, mask, Map.of("text", "ids:0,1,2,3,4,1,2,3", "controls", "2")), MaskEvaluation.LOSS);

            assertThat(table.rows().get(2).get(0)).isEqualTo("random 5");
            assertThat(table.rows().get(3).get(0)).isEqualTo("random 6");
            for (int control : new int[] {2, 3}) {
                List<String> heads =
                        List.of(table.rows().get(control).get(1).toString().split(" "));
                assertThat(heads).doesNotContain("1.2", "1.0", "0.1");
                assertThat(heads.stream().collect(Collectors.groupingBy(head -> head.charAt(0), Collectors.counting())))
                        .isEqualTo(Map.of('0', 1L, '1', 2L));
            }
        }
    }

    @Test
    void maskOfMoreThanHalfALayerHasControlsThatMayOverlap() {
        try (HookedTransformer model = InductionModel.create()) {
            HeadMask most = none(model)
                    .with(MaskUnit.head(1, 2), MaskSetting.ZERO)
                    .invert(MaskUnit.Kind.HEAD, MaskSetting.ZERO);
            Table table = table(
                    run(model, most, Map.of("text", "ids:0,1,2,3,4,1,2,3", "controls", "1")), MaskEvaluation.LOSS);

            assertThat(table.rows().get(2).get(0)).isEqualTo("random 5, may overlap");
            assertThat(table.rows().get(2).get(1).toString().split(" ")).hasSize(most.size());
        }
    }

    @Test
    void accuraciesAreThoseOfTheExamOnTheSameExamples() {
        try (HookedTransformer model = ModelLoader.load(WORLD)) {
            HeadMask mask = none(model)
                    .with(List.of(MaskUnit.head(1, 4), MaskUnit.head(3, 0), MaskUnit.mlp(2)), MaskSetting.ZERO);
            Table table = table(
                    run(model, mask, Map.of("tasks", "ioi", "count", "20", "controls", "1")), MaskEvaluation.ACCURACY);

            var examples =
                    TaskEncoder.of(model, BosPolicy.AUTO).draw(TaskRegistry.require("ioi"), Split.HELD_OUT, 20, SEED);
            TaskScore masked = TaskExam.score(new TaskExam(model, compile(mask)).ask(examples, Progress.none()));
            TaskScore plain = TaskExam.score(new TaskExam(model, List.of()).ask(examples, Progress.none()));
            assertThat(table.rows().get(0).subList(1, 5))
                    .map(Object::toString)
                    .containsExactly("unmasked", plain.right() + "", "20", plain.accuracy() + "");
            assertThat(table.rows().get(1).subList(1, 5))
                    .map(Object::toString)
                    .containsExactly("masked", masked.right() + "", "20", masked.accuracy() + "");
            assertThat(table.rows().get(1).get(8)).hasToString(SEED + "");
            assertThat(table.rows().get(2).get(1)).isEqualTo("random 5");
        }
    }

    @Test
    void longTextIsReadInPiecesAndAFileAsItsText(@TempDir Path folder) throws IOException {
        String text = "The cat sat on the mat. The dog sat on the cat. The mat was old.";
        Path file = Files.writeString(folder.resolve("text.txt"), text);
        try (HookedTransformer model = ModelLoader.load(WORLD)) {
            HeadMask mask = none(model).with(MaskUnit.head(1, 4), MaskSetting.ZERO);
            Table whole = table(run(model, mask, Map.of("text", text, "controls", "0")), MaskEvaluation.LOSS);
            Table read = table(run(model, mask, Map.of("file", file.toString(), "controls", "0")), MaskEvaluation.LOSS);
            Table cut =
                    table(run(model, mask, Map.of("text", text, "controls", "0", "length", "8")), MaskEvaluation.LOSS);

            assertThat(read.rows()).isEqualTo(whole.rows());
            assertThat(cut.rows().get(0).get(3))
                    .isNotEqualTo(whole.rows().get(0).get(3));
        }
    }

    @Test
    void whatCannotBeEvaluatedIsRefused() {
        try (HookedTransformer model = InductionModel.create()) {
            HeadMask mask = none(model).with(MaskUnit.head(1, 2), MaskSetting.ZERO);
            assertThatThrownBy(() -> run(model, mask, Map.of()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("--file");
            assertThatThrownBy(() -> run(model, none(model), Map.of("text", "ids:0,1,2")))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("Nothing is masked");
            assertThatThrownBy(() -> run(model, mask, Map.of("file", "nowhere.txt")))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("nowhere.txt");
            assertThatThrownBy(() -> run(model, mask, Map.of("text", "ids:0")))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("two tokens");
        }
    }

    private static HeadMask none(HookedTransformer model) {
        return HeadMask.none(MaskShape.of(model.config().dims()));
    }

    private static List<Intervention> compile(HeadMask mask) {
        return new MaskInterventions(Map.of()).compile(mask);
    }

    private static Findings run(HookedTransformer model, HeadMask mask, Map<String, String> texts) {
        MaskEvaluation analysis = new MaskEvaluation();
        var context = new AnalysisContext(
                model, new SessionPrompts(Session.of(model)), compile(mask), SEED, SweepJournal.none());
        return analysis.run(
                context, ParameterBinder.of(analysis.parameters()).bind(new HashMap<>(texts)), Progress.none());
    }

    private static Table table(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .map(Table.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** One forward, softmax by hand. */
    private static double loss(HookedTransformer model, List<Intervention> edits) {
        int vocab = model.config().dims().vocab();
        RunRequest request = RunRequest.of(TokenBatch.of(IDS))
                .edits(new Interventions(model.config()).compile(edits))
                .build();
        try (RunResult run = model.run(request)) {
            float[] logits = run.logits().toFloatArray();
            double sum = 0;
            for (int p = 0; p + 1 < IDS.length; p++) {
                double all = 0;
                for (int token = 0; token < vocab; token++) {
                    all += Math.exp(logits[p * vocab + token]);
                }
                sum += Math.log(all) - logits[p * vocab + IDS[p + 1]];
            }
            return sum / (IDS.length - 1);
        }
    }
}
