package org.headscope.app.cli;

import java.nio.file.Path;
import org.headscope.analysis.mask.MaskSources;
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

    @Option(
            names = "--mean-over",
            paramLabel = "<prompt>",
            description = "Parts that the mask sets to their mean get that over the positions of this prompt.")
    private @Nullable String meanOver;

    @Option(
            names = "--resample-from",
            paramLabel = "<prompt>",
            description =
                    "Parts that the mask resamples get their activations on this prompt; it needs as many tokens as"
                            + " every prompt of the run.")
    private @Nullable String resampleFrom;

    /** Everything around a run on an open model. */
    Session session(HookedTransformer loaded, CliOutput output) {
        Session plain = Session.of(loaded).with(bos).withSeed(seed);
        return mask == null ? plain : plain.with(active(plain, mask, output));
    }

    private Session.ActiveMask active(Session plain, Path file, CliOutput output) {
        ImportedMask imported = MaskJson.read(file, Session.target(plain.model()), HashCheck.WARN);
        imported.warnings().forEach(output::note);
        return Session.ActiveMask.of(plain, imported.mask(), sources(imported.sources()));
    }

    /** What was asked for, or else what the file says. */
    MaskSources sources(MaskSources file) {
        return new MaskSources(
                meanOver == null ? file.mean() : meanOver, resampleFrom == null ? file.resample() : resampleFrom);
    }
}
