package org.headscope.app.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.io.ImportedMask;
import org.headscope.analysis.spi.Prompt;
import org.headscope.app.live.LivePrompt;
import org.headscope.app.live.Prediction.Candidate;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.run.Receipt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headscope mask apply}: what a mask does to the next token. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = "Show the next token of a prompt with and without a mask, with receipts.")
final class MaskApplyCommand implements Callable<Integer> {
    private static final int TOP = 8;

    @Mixin
    private ModelOptions options = new ModelOptions();

    @Mixin
    private MaskSource source = new MaskSource();

    @Mixin
    private CliOutput output = new CliOutput();

    @Option(names = "--prompt", paramLabel = "<text>", description = "The prompt.")
    private @Nullable String prompt;

    @Option(names = "--ids", paramLabel = "<n,n,..>", description = "The prompt as token ids.")
    private @Nullable String ids;

    /** What is printed with {@code --json}. */
    record Applied(
            List<Integer> ids,
            List<String> tokens,
            List<Candidate> before,
            List<Candidate> after,
            double divergence,
            List<Receipt> receipts) {}

    @Override
    public Integer call() {
        try (HookedTransformer model = options.load();
                LivePrompt live = new LivePrompt(options.session(model, output), prompt())) {
            ImportedMask imported = source.imported(model, output);
            take(live, options.sources(imported.sources()));
            LivePrompt.Masked masked = live.under(imported.mask());
            Applied applied = new Applied(
                    live.tokens().ids(),
                    live.tokens().strings(),
                    live.unmasked().top(TOP, live::show),
                    masked.prediction().top(TOP, live::show),
                    live.unmasked().divergence(masked.prediction()),
                    masked.receipts());
            output.print(applied, out -> print(applied, out));
        }
        return 0;
    }

    private static void take(LivePrompt live, MaskSources sources) {
        if (!sources.mean().isEmpty()) {
            live.meanOver(Prompt.parse(sources.mean()));
        }
        if (!sources.resample().isEmpty()) {
            live.resampleFrom(Prompt.parse(sources.resample()));
        }
    }

    private Prompt prompt() {
        return PromptChoice.of(prompt, ids, output);
    }

    private static void print(Applied applied, PrintWriter out) {
        out.println("before                          after");
        for (int i = 0; i < applied.before.size(); i++) {
            Candidate before = applied.before.get(i);
            Candidate after = applied.after.get(i);
            out.printf(
                    Locale.ROOT,
                    "%-20s %8.4f   %-20s %8.4f%n",
                    before.text(),
                    before.probability(),
                    after.text(),
                    after.probability());
        }
        out.printf(Locale.ROOT, "KL(before || after) %.4f nats%n", applied.divergence);
        applied.receipts.forEach(r ->
                out.printf(Locale.ROOT, "receipt: %s · fired %d× · change %.4g%n", r.label(), r.fired(), r.change()));
    }
}
