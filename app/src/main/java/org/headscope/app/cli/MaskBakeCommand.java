package org.headscope.app.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.io.BakedMask;
import org.headscope.analysis.session.Session;
import org.headscope.hooks.HookedTransformer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headscope mask bake}: a checkpoint with the mask written into its weights. */
@Command(
        name = "bake",
        mixinStandardHelpOptions = true,
        description =
                "Write a copy of the checkpoint with the masked parts set to zero or cut out for good, to be used anywhere.")
final class MaskBakeCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions options = new ModelOptions();

    @Mixin
    private MaskSource source = new MaskSource();

    @Mixin
    private CliOutput output = new CliOutput();

    @Option(names = "--out", required = true, paramLabel = "<folder>", description = "A new folder.")
    private Path out = Path.of("baked");

    @Option(
            names = "--remove",
            description = "Cut the masked heads out instead of setting them to zero: a smaller checkpoint. For families"
                    + " that say head_dim in config.json, and masks that leave every layer the same number of heads.")
    private boolean remove;

    @Override
    public Integer call() {
        try (HookedTransformer model = options.load()) {
            HeadMask mask = source.mask(model, output);
            BakedMask.Written written = remove
                    ? BakedMask.writeRemoved(mask, model, Session.target(model), out)
                    : BakedMask.write(mask, model, Session.target(model), out);
            output.print(
                    written,
                    text -> text.printf(
                            "%d parts %s %s; its logits differ from those of the mask by at most %.1e%n",
                            written.parts(),
                            remove ? "removed from" : "written into",
                            written.folder(),
                            written.difference()));
        }
        return 0;
    }
}
