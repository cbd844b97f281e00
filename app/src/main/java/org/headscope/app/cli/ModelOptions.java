package org.headscope.app.cli;

import java.nio.file.Path;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.session.Session;
import org.headscope.app.model.ModelCatalog;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model a command works on, and what holds around the run. Used as a {@code @Mixin}. */
public final class ModelOptions {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "<model>",
            defaultValue = ModelCatalog.DEFAULT,
            description = "A shipped model by name, or a folder or weights file. Default: ${DEFAULT-VALUE}.")
    private String model = ModelCatalog.DEFAULT;

    @Mixin
    private SessionOptions around = new SessionOptions();

    /** The folder or file that was named. */
    Path path() {
        return ModelCatalog.standard().resolve(model);
    }

    /** Opens the model. */
    HookedTransformer load() {
        return ModelLoader.load(path());
    }

    /** Which prompts masks take activations from, where a mask file says it otherwise or not at all. */
    MaskSources sources(MaskSources file) {
        return around.sources(file);
    }

    /** Everything around a run on an open model. */
    Session session(HookedTransformer loaded, CliOutput output) {
        return around.session(loaded, output);
    }
}
