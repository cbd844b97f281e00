package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.StandIn;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class AttentionInfluenceTest {
    private static final Path WORLD = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
    private static final Intervention STANDING = new Intervention.Ablate(new Target.Head(0, 3), new Ablation.Zero());

    @TempDir
    static Path folder;

    private static HookedTransformer model;

    @BeforeAll
    static void load() {
        model = ModelLoader.load(StandIn.random(folder.resolve("random")));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** Scores and order against one forward per text with a hook that spreads the attention of two heads by hand. */
    @Test
    void scoresAreThoseOfPlainForwards() throws IOException {
        List<String> letters = List.of(
                "Then Mary and John walked to the park.",
                "The secret word of Anna is lamp.",
                "Numbers: Mary 12, John 7, Anna 12.");
        Path file = folder.resolve("texts.txt");
        Files.writeString(
                file, "letters\t" + String.join("\nletters\t", letters) + "\n\nThe capital of France is Paris.\n");
        Map<String, String> given = Map.of("file", file.toString(), "heads", "0.1,1.2", "controls", "2");
        Findings found = run(model, given);
        int before = model.ownedResources();
        run(model, given);

        assertThat(model.ownedResources()).isEqualTo(before);
        List<List<Object>> rows = table(found, InfluencePanels.TEXTS).rows();
        assertThat(rows).extracting(row -> row.get(0)).containsExactly("letters", "letters", "letters", "texts.txt");
        assertThat(rows).extracting(row -> row.get(1)).containsExactly(1L, 2L, 3L, 1L);
        assertThat(rows).extracting(row -> row.get(2)).containsExactly(true, false, false, true);
        assertThat(rows).extracting(row -> row.get(8)).containsAll(letters);
        for (List<Object> row : rows) {
            double base = loss(row.get(8).toString(), false);
            double masked = loss(row.get(8).toString(), true);
            assertThat((double) row.get(4)).isCloseTo(base, within(1e-4));
            assertThat((double) row.get(5)).isCloseTo(masked - base, within(2e-4));
            assertThat((double) row.get(3)).isCloseTo((masked - base) / base, within(1e-4));
        }
        assertThat((double) rows.get(0).get(3))
                .isGreaterThan((double) rows.get(1).get(3));
        List<Object> domain = table(found, InfluencePanels.DOMAINS).rows().get(0);
        assertThat((double) domain.get(6))
                .isCloseTo(
                        rows.stream()
                                .limit(3)
                                .mapToDouble(row -> (double) row.get(3))
                                .average()
                                .orElseThrow(),
                        within(1e-12));
        assertThat(found.receipts()).singleElement().satisfies(receipt -> assertThat(receipt.site())
                .isEqualTo("blocks.*.attn.hook_pattern"));
    }

    private static double loss(String text, boolean masked) {
        int[] ids = Objects.requireNonNull(model.tokenizer())
                .encode(text, BosPolicy.NEVER)
                .ids();
        RunRequest.Builder request = RunRequest.of(TokenBatch.of(new int[][] {ids}));
        request.hook(
                "off", HookSite.of(SiteKind.Z, 0), (z, point) -> changed(z, (at, old) -> at / 16 % 4 == 3 ? 0 : old));
        for (int layer = 0; masked && layer < 2; layer++) {
            int head = layer + 1;
            request.hook(
                    "even " + layer,
                    HookSite.of(SiteKind.PATTERN, layer),
                    (pattern, point) -> changed(
                            pattern,
                            (at, old) -> at / (ids.length * ids.length) != head
                                    ? old
                                    : at % ids.length <= at / ids.length % ids.length
                                            ? 1f / (at / ids.length % ids.length + 1)
                                            : 0));
        }
        try (RunResult run = model.run(request.build())) {
            float[] logits = run.logits().toFloatArray();
            int vocab = logits.length / ids.length;
            double sum = 0;
            for (int t = 0; t + 1 < ids.length; t++) {
                double total = 0;
                for (int v = 0; v < vocab; v++) {
                    total += Math.exp(logits[t * vocab + v]);
                }
                sum += Math.log(total) - logits[t * vocab + ids[t + 1]];
            }
            return sum / (ids.length - 1);
        }
    }

    @FunctionalInterface
    private interface Change {
        float of(int at, float old);
    }

    private static NDArray changed(NDArray value, Change change) {
        float[] numbers = value.toFloatArray();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = change.of(i, numbers[i]);
        }
        return value.getManager().create(numbers, value.getShape());
    }

    @Test
    void aTextThatIsPredictedPerfectlyHasNoScore() {
        InfluenceText text = new InfluenceText("d", "t", new int[] {1, 2});
        InfluenceScore score = new InfluenceScore(text, 0, 0.5, new double[] {0.25, 0.75});
        InfluenceScore other = new InfluenceScore(text, 2, 3, new double[] {2, 2.5});

        assertThat(score.score()).isNaN();
        assertThat(score.delta()).isEqualTo(0.5);
        assertThat(other.score()).isEqualTo(0.5);
        assertThat(other.control(1)).isEqualTo(0.25);
        assertThat(other.meanOfControls()).isEqualTo(0.125);
    }

    @Test
    void whatCannotBeScoredIsRefusedNamingTheLine() throws IOException {
        String single = Stream.of(".", "the", "Mary", "a", "is")
                .filter(text -> Objects.requireNonNull(model.tokenizer())
                                .encode(text, BosPolicy.NEVER)
                                .ids()
                                .length
                        == 1)
                .findFirst()
                .orElseThrow();
        Path file = Files.writeString(folder.resolve("bad.txt"), "a good line of text\n\n" + single + "\n");
        assertThatThrownBy(() -> run(model, Map.of("file", file.toString(), "heads", "0.1")))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("Line 3")
                .hasMessageContaining("single token");
        Path empty = Files.writeString(folder.resolve("empty.txt"), "\n");
        assertThatThrownBy(() -> run(model, Map.of("file", empty.toString(), "heads", "0.1")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("at least one text");
        Path binary = Files.write(folder.resolve("binary.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThatThrownBy(() -> run(model, Map.of("file", binary.toString(), "heads", "0.1")))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> run(model, Map.of("file", "/no/such/file", "heads", "0.1")))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("could not be read");
        assertThatThrownBy(() -> run(model, Map.of("tasks", "nonsense", "heads", "0.1")))
                .isInstanceOf(TaskException.class);
        assertThatThrownBy(() -> run(model, Map.of("tasks", "ioi", "heads", "7.1")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("layer.head");
    }

    /** The induction circuit: without it the second copy is noise, without heads that write nothing nothing happens. */
    @Test
    void onlyTheHeadsThatCopyInfluenceACopiedText() {
        try (HookedTransformer induction = InductionModel.create()) {
            int[] ids = new int[25];
            for (int i = 0; i < 12; i++) {
                ids[1 + i] = 2 * i + 1;
                ids[13 + i] = 2 * i + 1;
            }
            MaskUnit copies = MaskUnit.head(InductionModel.INDUCTION_LAYER, InductionModel.INDUCTION_HEAD);
            MaskUnit idle = MaskUnit.head(0, 0);
            MaskedSets sets = new MaskedSets(List.of(copies), List.of(List.of(idle)));
            InfluenceScore score = AttentionInfluence.score(
                    IdContexts.of(induction), new InfluenceText("copies", "", ids), sets, 0, new ArrayList<>());

            assertThat(score.score()).isGreaterThan(0.5);
            assertThat(score.control(0)).isCloseTo(0, within(1e-6));
        }
    }

    /** What copies hang on in this model are the heads that write the key; random ones change next to nothing. */
    @Test
    void inTheShippedModelCopiesNeedTwoHeadsAndNoRandomOnes() {
        try (HookedTransformer world = ModelLoader.load(WORLD)) {
            Findings found =
                    run(world, Map.of("tasks", "repeat,capital", "count", "6", "heads", "1.4,1.5", "controls", "5"));
            List<List<Object>> rows = table(found, InfluencePanels.DOMAINS).rows();
            double repeat = (double) rows.get(0).get(6);

            assertThat(rows).extracting(row -> row.get(0)).containsExactly("repeat", "capital");
            assertThat(repeat).isGreaterThan(0.5);
            assertThat((double) rows.get(0).get(9)).as("random heads").isLessThan(repeat / 3);
            assertThat((double) rows.get(0).get(10)).isEqualTo(1 / 6.0);
        }
    }

    private static Findings run(HookedTransformer model, Map<String, String> given) {
        var parameters = ParameterBinder.of(AttentionInfluence.Parameters.class).bind(new HashMap<>(given));
        SessionPrompts prompts = new SessionPrompts(
                Session.of(model).with(model == AttentionInfluenceTest.model ? BosPolicy.NEVER : BosPolicy.AUTO));
        boolean small = model == AttentionInfluenceTest.model;
        AnalysisContext context =
                new AnalysisContext(model, prompts, small ? List.of(STANDING) : List.of(), 3, SweepJournal.none());
        return new AttentionInfluence().run(context, parameters, Progress.none());
    }

    private static Table table(Findings found, String title) {
        return (Table) found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
