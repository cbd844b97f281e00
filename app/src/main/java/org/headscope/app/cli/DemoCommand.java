package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.spi.Prompt;
import org.headscope.app.live.LivePrompt;
import org.headscope.app.live.Prediction.Candidate;
import org.headscope.app.model.ModelCatalog;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.handbuilt.InductionModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headscope demo}: the first minute of the workbench without a window. */
@AutoService(CliCommand.class)
@Command(name = "demo", description = "Switch off each head of the induction model in turn and see which ones matter.")
public final class DemoCommand implements CliCommand {
    private static final int LENGTH = 12;

    @Mixin
    private CliOutput output = new CliOutput();

    @Option(names = "--seed", defaultValue = "0", description = "Seed of the random sequence. Default: 0.")
    private long seed;

    /** What is printed with {@code --json}. */
    record Demo(List<Integer> ids, List<String> tokens, Candidate expected, List<Step> heads) {}

    /** One head switched off. */
    record Step(String head, double probability, int fired, double change) {}

    @Override
    public Integer call() {
        try (HookedTransformer model = ModelLoader.load(ModelCatalog.standard().resolve(InductionModel.NAME))) {
            List<Integer> ids = repeated(model.config().dims().vocab());
            try (LivePrompt live = new LivePrompt(Session.of(model), new Prompt.Ids(ids))) {
                Demo demo = demo(model, live);
                output.print(demo, out -> print(demo, out));
            }
        }
        return 0;
    }

    /** BOS, a random sequence, and the same sequence again without its last token. */
    private List<Integer> repeated(int vocab) {
        List<Integer> words = new ArrayList<>(IntStream.range(1, vocab).boxed().toList());
        Collections.shuffle(words, new Random(seed));
        List<Integer> once = words.subList(0, LENGTH);
        List<Integer> ids = new ArrayList<>(List.of(0));
        ids.addAll(once);
        ids.addAll(once.subList(0, LENGTH - 1));
        return ids;
    }

    private static Demo demo(HookedTransformer model, LivePrompt live) {
        Candidate expected = live.unmasked().top(1, live::show).get(0);
        MaskShape shape = MaskShape.of(model.config().dims());
        List<Step> steps = new ArrayList<>();
        for (int l = 0; l < shape.layers(); l++) {
            for (int h = 0; h < shape.heads(); h++) {
                MaskUnit head = MaskUnit.head(l, h);
                LivePrompt.Masked masked = live.under(HeadMask.none(shape).with(head, MaskSetting.ZERO));
                double probability = masked.prediction().probabilities()[expected.id()];
                var receipt = masked.receipts().get(0);
                steps.add(new Step(head.label(), probability, receipt.fired(), receipt.change()));
            }
        }
        return new Demo(live.tokens().ids(), live.tokens().strings(), expected, steps);
    }

    private static void print(Demo demo, PrintWriter out) {
        out.println("A two-layer model built to continue repeated sequences. The prompt:");
        out.println("  " + String.join(" ", demo.tokens));
        out.printf(
                Locale.ROOT,
                "It continues with '%s', probability %.3f. Now each head is switched off (z = 0, before W_O):%n",
                demo.expected.text().strip(),
                demo.expected.probability());
        for (Step step : demo.heads) {
            out.printf(
                    Locale.ROOT,
                    "  head %-4s off · fired %d× · change %5.2f · probability %.3f%s%n",
                    step.head,
                    step.fired,
                    step.change,
                    step.probability,
                    step.probability < demo.expected.probability() / 2 ? "   <- needed" : "");
        }
        out.println(
                "Next: headscope run head-detectors, headscope mask apply --help, or start the window without arguments.");
    }
}
