package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.List;
import org.headscope.app.model.ModelCard;
import org.headscope.app.model.ModelCatalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headscope models}: what can be opened by name. */
@AutoService(CliCommand.class)
@Command(name = "models", description = "List the models that ship with Headscope.")
public final class ModelsCommand implements CliCommand {
    @Mixin
    private CliOutput output = new CliOutput();

    /** A shipped model, and what it is in a sentence. */
    record Model(String name, Path path, String about) {}

    @Override
    public Integer call() {
        List<Model> models = ModelCatalog.standard().bundled().stream()
                .map(entry -> new Model(
                        entry.name(), entry.path(), ModelCard.read(entry.path()).about()))
                .toList();
        output.print(
                models,
                out -> models.forEach(m -> out.println((m.name + "  " + m.path + "  " + m.about).stripTrailing())));
        return 0;
    }
}
