package org.headscope.app.cli;

import java.nio.file.Path;
import org.headscope.analysis.mask.io.HashCheck;
import org.headscope.analysis.mask.io.ImportedMask;
import org.headscope.analysis.mask.io.MaskJson;
import org.headscope.analysis.session.Session;
import org.headscope.app.model.ModelCatalog;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.tokens.BosPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model a command works on, and what holds around the run. Used as a {@code @Mixin}. */
public final class ModelOptions {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "<model>",
            defaultValue = ModelCatalog.DEFAULT,
            description = "A shipped model by name, or a folder or weights file. Default: ${DEFAULT-VALUE}.")
    private String model = ModelCatalog.DEFAULT;

    @Option(
            names = "--bos-policy",
            paramLabel = "<policy>",
            defaultValue = "AUTO",
            description = "Put a beginning-of-sequence token in front of text: ${COMPLETION-CANDIDATES}."
                    + " AUTO follows the tokenizer.")
    private BosPolicy bos = BosPolicy.AUTO;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of everything random. Default: 0.")
    private long seed;

    @Option(names = "--mask", paramLabel = "<file>", description = "A mask in JSON that holds during the run.")
    private @Nullable Path mask;

    /** The folder or file that was named. */
    Path path() {
        return ModelCatalog.standard().resolve(model);
    }

    /** Opens the model. */
    HookedTransformer load() {
        return ModelLoader.load(path());
    }

    /** Everything around a run on an open model. */
    Session session(HookedTransformer loaded, CliOutput output) {
        Session plain = Session.of(loaded).with(bos).withSeed(seed);
        return mask == null ? plain : plain.with(active(loaded, mask, output));
    }

    private static Session.ActiveMask active(HookedTransformer loaded, Path file, CliOutput output) {
        ImportedMask imported = MaskJson.read(file, Session.target(loaded), HashCheck.WARN);
        imported.warnings().forEach(output::note);
        return Session.ActiveMask.of(imported.mask(), Session.target(loaded));
    }
}
