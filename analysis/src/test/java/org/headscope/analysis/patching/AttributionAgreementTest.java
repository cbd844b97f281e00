package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.TinyReference;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.patching.ActivationPatching.Parameters;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How near the estimate comes to what it estimates, in models where it is none of the extremes. */
@Tag("engine")
class AttributionAgreementTest {
    private static final Path WORLD = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
    private static final Dims GROUPED = new Dims(2, 4, 2, 16, 4, 24, 16, 31);
    private static final int TOKEN = 3;
    private static final int NEIGHBOUR = 9;
    private static final double STEP = 0.05;

    /** Halving the step leaves a quarter of the error (not a half): the estimate is the first order, and all of it. */
    @ParameterizedTest
    @EnumSource
    void theErrorShrinksWithTheSquareOfTheChange(PatchSite site) {
        for (Mode mode : Mode.values()) {
            double ratio = error(site, mode, STEP) / error(site, mode, STEP / 2);
            assertThat(ratio).as("%s %s", site, mode).isBetween(2.75, 5.5);
        }
    }

    /** Also through heads that a mask has turned down: what lies in front of them is seen through them. */
    @Test
    void theErrorShrinksSoUnderAMaskOfTheLastLayerToo() {
        List<Intervention> half = List.of(new Intervention.Ablate(new Target.Head(1, 0), new Ablation.Gate(0.5)));
        double ratio =
                error(PatchSite.HEAD_Z, Mode.NOISE, STEP, half) / error(PatchSite.HEAD_Z, Mode.NOISE, STEP / 2, half);
        assertThat(ratio).isBetween(2.75, 5.5);
    }

    private static double error(PatchSite site, Mode mode, double step) {
        return error(site, mode, step, List.of());
    }

    /** Sum over all cells of the error in logits, when two tokens differ by {@code step} of the way between them. */
    private static double error(PatchSite site, Mode mode, double step, List<Intervention> standing) {
        Parameters parameters = new Parameters(
                prompt(1, 2, TOKEN, 4, 5, 6), prompt(1, 2, NEIGHBOUR, 4, 5, 6), prompt(7), prompt(11), site, mode);
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(GROUPED), 3)) {
            bringTogether(model.weights().embed().tokens(), step);
            double[] estimated = new AttributionPatching()
                    .run(IdContexts.of(model, standing, SweepJournal.none()), parameters, Progress.none())
                    .patched()
                    .grid()
                    .toArray();
            double[] patched = new ActivationPatching()
                    .run(IdContexts.of(model, standing, SweepJournal.none()), parameters, Progress.none())
                    .patched()
                    .grid()
                    .toArray();
            return IntStream.range(0, patched.length)
                    .mapToDouble(i -> Math.abs(estimated[i] - patched[i]))
                    .sum();
        }
    }

    private static void bringTogether(NDArray embedding, double step) {
        float[] token = embedding.get(TOKEN).toFloatArray();
        float[] neighbour = embedding.get(NEIGHBOUR).toFloatArray();
        for (int d = 0; d < token.length; d++) {
            embedding.set(new NDIndex(NEIGHBOUR, d), (float) (token[d] + step * (neighbour[d] - token[d])));
        }
    }

    /** The reference (torch autograd) holds the gradient at the first of its two prompts: clean for noising, corrupt for denoising. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama"})
    void headsAndResidualStreamAgreeWithGradientsOfTheReference(String family) {
        TinyReference reference = TinyReference.of(family);
        int heads = reference.info().get("dims").get("heads").asInt();
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            for (Mode mode : Mode.values()) {
                assertThat(changes(reference, model, PatchSite.HEAD_Z_BY_POS, mode))
                        .containsExactly(expected(reference, "z", heads), within(1e-4));
                assertThat(changes(reference, model, PatchSite.RESID_PRE, mode))
                        .containsExactly(expected(reference, "hidden_states", 1), within(1e-4));
            }
        }
    }

    private static double[] changes(TinyReference reference, HookedTransformer model, PatchSite site, Mode mode) {
        JsonNode prompts = reference.info().get("input_ids");
        JsonNode metric = reference.info().get("metric");
        boolean noise = mode == Mode.NOISE;
        Parameters parameters = new Parameters(
                prompt(TinyReference.ids(prompts.get(noise ? 0 : 1))),
                prompt(TinyReference.ids(prompts.get(noise ? 1 : 0))),
                prompt(metric.get("a").asInt()),
                prompt(metric.get("b").asInt()),
                site,
                mode);
        PatchFindings found = new AttributionPatching().run(IdContexts.of(model), parameters, Progress.none());
        double base = noise ? found.clean() : found.corrupt();
        assertThat(base).isCloseTo(metric.get("value").asDouble(), within(1e-4));
        return Arrays.stream(found.patched().grid().toArray())
                .map(estimate -> estimate - base)
                .toArray();
    }

    /** The inner product per layer, position and head, of tensors {@code [2, pos, width]}. */
    private static double[] expected(TinyReference reference, String tensor, int heads) {
        List<Double> sums = new ArrayList<>();
        String gradient = "grad_" + tensor.replace("_states", "") + ".";
        for (int layer = 0; layer < reference.info().get("dims").get("layers").asInt(); layer++) {
            double[] values = reference.values(tensor + "." + layer);
            double[] slope = reference.values(gradient + layer);
            int prompt = values.length / 2;
            int width = prompt / reference.info().get("input_ids").get(0).size() / heads;
            for (int start = 0; start < prompt; start += width) {
                sums.add(IntStream.range(start, start + width)
                        .mapToDouble(i -> (values[prompt + i] - values[i]) * slope[i])
                        .sum());
            }
        }
        return sums.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** It finds the head that moves the name, at less than half of its size. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void inTheBundledModelItRanksHeadsMuchAsPatchingDoes(Mode mode) {
        Parameters parameters = new Parameters(
                new Prompt.Text("When Mary and John went to the park, John gave the book to"),
                new Prompt.Text("When Mary and John went to the park, Mary gave the book to"),
                new Prompt.Text(" Mary"),
                new Prompt.Text(" John"),
                PatchSite.HEAD_Z,
                mode);
        try (HookedTransformer model = ModelLoader.load(WORLD)) {
            double[] estimated = text(new AttributionPatching(), model, parameters);
            double[] patched = text(new ActivationPatching(), model, parameters);

            assertThat(correlation(estimated, patched)).isGreaterThan(0.85);
            assertThat(largest(estimated)).isEqualTo(largest(patched));
            assertThat(estimated[largest(estimated)]).isBetween(0.0, patched[largest(patched)] / 2);
        }
    }

    private static int largest(double[] values) {
        return IntStream.range(0, values.length)
                .reduce((best, i) -> values[i] > values[best] ? i : best)
                .orElseThrow();
    }

    private static double[] text(
            Analysis<Parameters, PatchFindings> analysis, HookedTransformer model, Parameters parameters) {
        var context =
                new AnalysisContext(model, new SessionPrompts(Session.of(model)), List.of(), 0, SweepJournal.none());
        return analysis.run(context, parameters, Progress.none())
                .effect()
                .grid()
                .toArray();
    }

    private static double correlation(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        return xy / Math.sqrt(xx * yy);
    }
}
