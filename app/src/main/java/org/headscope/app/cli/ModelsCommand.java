package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import java.util.List;
import org.headscope.app.model.ModelCatalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headscope models}: what can be opened by name. */
@AutoService(CliCommand.class)
@Command(name = "models", description = "List the models that ship with Headscope.")
public final class ModelsCommand implements CliCommand {
    @Mixin
    private CliOutput output = new CliOutput();

    @Override
    public Integer call() {
        List<ModelCatalog.Entry> models = ModelCatalog.standard().bundled();
        output.print(models, out -> models.forEach(m -> out.println(m.name() + "  " + m.path())));
        return 0;
    }
}
