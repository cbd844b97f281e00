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
        description = "Write a copy of the checkpoint with the masked parts set to zero for good, to be used anywhere.")
final class MaskBakeCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions options = new ModelOptions();

    @Mixin
    private MaskSource source = new MaskSource();

    @Mixin
    private CliOutput output = new CliOutput();

    @Option(names = "--out", required = true, paramLabel = "<folder>", description = "A new folder.")
    private Path out = Path.of("baked");

    @Override
    public Integer call() {
        try (HookedTransformer model = options.load()) {
            HeadMask mask = source.mask(model, output);
            BakedMask.Written written = BakedMask.write(mask, model, Session.target(model), out);
            output.print(
                    written,
                    text -> text.printf(
                            "%d parts written into %s; its logits differ from those of the mask by at most %.1e%n",
                            written.parts(), written.folder(), written.difference()));
        }
        return 0;
    }
}
