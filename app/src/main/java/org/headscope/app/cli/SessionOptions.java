package org.headscope.app.cli;

import java.nio.file.Path;
import org.headscope.analysis.mask.io.HashCheck;
import org.headscope.analysis.mask.io.ImportedMask;
import org.headscope.analysis.mask.io.MaskJson;
import org.headscope.analysis.session.Session;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.tokens.BosPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What holds around a run. Used as a {@code @Mixin}. */
public final class SessionOptions {
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
