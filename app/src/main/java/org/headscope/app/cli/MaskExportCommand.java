package org.headscope.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.io.ImportedMask;
import org.headscope.analysis.mask.io.MaskJson;
import org.headscope.analysis.mask.io.NpyMask;
import org.headscope.analysis.mask.io.PrunedHeads;
import org.headscope.analysis.mask.io.PythonMask;
import org.headscope.analysis.session.Session;
import org.headscope.hooks.HookedTransformer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headscope mask export}: writes a mask in the format its file name asks for. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Write a mask as JSON, NumPy array, pruned_heads or Python, also to convert one into another.")
final class MaskExportCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions options = new ModelOptions();

    @Mixin
    private MaskSource source = new MaskSource();

    @Mixin
    private CliOutput output = new CliOutput();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "<file>",
            description = "Where to: *.npy, *.pruned.json, *.py, or *.json for all there is to say.")
    private Path out = Path.of("mask.json");

    /** What is printed with {@code --json}. */
    record Written(Path file, int parts, List<String> warnings) {}

    @Override
    public Integer call() {
        try (HookedTransformer model = options.load()) {
            ImportedMask imported = source.imported(model, output);
            HeadMask mask = imported.mask();
            List<String> warnings = write(mask, options.sources(imported.sources()), model);
            warnings.forEach(output::note);
            Written written = new Written(out, mask.size(), warnings);
            output.print(written, text -> text.println(mask.size() + " parts written to " + out));
        }
        return 0;
    }

    private List<String> write(HeadMask mask, MaskSources sources, HookedTransformer model) {
        String name = String.valueOf(out.getFileName());
        if (name.endsWith(".npy")) {
            return NpyMask.write(mask, out);
        }
        if (name.endsWith(".pruned.json")) {
            return PrunedHeads.write(mask, out);
        }
        if (name.endsWith(".py")) {
            PythonMask.write(mask, model, out);
            return List.of();
        }
        MaskJson.write(MaskJson.write(mask, sources, Session.target(model)), out);
        return List.of();
    }
}
