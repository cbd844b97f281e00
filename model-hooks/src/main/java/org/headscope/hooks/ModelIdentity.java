package org.headscope.hooks;

import java.nio.file.Path;
import java.util.List;
import org.headscope.hooks.checkpoint.CheckpointHash;
import org.jspecify.annotations.Nullable;

/**
 * Where a model came from and what was done to it: what a result must name so that somebody else can repeat it.
 *
 * @param name short name, the last part of the path or what a built model is called
 * @param path where it was loaded from, or null when it was built
 * @param checkpoint names the exact weights and configuration, or null when it was built
 * @param numerics how its numbers differ from those on disk
 * @param noTokenizer why it has no tokenizer, or null when it has one
 * @param warnings what was odd about the checkpoint, in full sentences
 */
public record ModelIdentity(
        String name,
        @Nullable Path path,
        @Nullable CheckpointHash checkpoint,
        Numerics numerics,
        @Nullable String noTokenizer,
        List<String> warnings) {
    /** Copies the list. */
    public ModelIdentity {
        warnings = List.copyOf(warnings);
    }

    /**
     * The identity of a model that was built instead of loaded.
     *
     * @param name what it is called; the same name must always mean the same weights
     * @return the identity
     */
    public static ModelIdentity built(String name) {
        String reason = "The model was built, not loaded, and works on token ids.";
        return new ModelIdentity(name, null, null, Numerics.built(), reason, List.of());
    }

    /** The same identity with the reason why there is no tokenizer, or null when there is one. */
    ModelIdentity withoutTokenizer(@Nullable String why) {
        return new ModelIdentity(name, path, checkpoint, numerics, why, warnings);
    }

    /**
     * A name for exactly these weights and this configuration.
     *
     * @return 64 hexadecimal digits, read from disk on the first call; {@code built:NAME} for built models
     * @throws HeadscopeException when the files have changed since the model was loaded
     */
    public String hash() {
        return checkpoint == null ? "built:" + name : checkpoint.value();
    }
}
