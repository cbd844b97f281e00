package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.result.ModelRef;
import org.headscope.analysis.session.SessionRuns;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelIdentity;
import org.headscope.hooks.site.HookSite;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headscope inspect}: what a model is, and where hooks can be attached. */
@AutoService(CliCommand.class)
@Command(name = "inspect", description = "Show what a model is made of and where hooks can be attached.")
public final class InspectCommand implements CliCommand {
    @Mixin
    private ModelOptions options = new ModelOptions();

    @Mixin
    private CliOutput output = new CliOutput();

    @Option(names = "--sites", description = "List every hook site with its shape for 2 prompts of 8 tokens.")
    private boolean sites;

    /** What is printed with {@code --json}. */
    record Report(
            ModelRef model, String numerics, @Nullable String noTokenizer, List<String> warnings, List<Site> sites) {}

    /** A site and its axes. */
    record Site(String name, List<String> axes, List<Long> shape) {}

    @Override
    public Integer call() {
        try (HookedTransformer model = options.load()) {
            ModelIdentity identity = model.identity();
            Report report = new Report(
                    SessionRuns.model(model),
                    identity.numerics().describe(),
                    identity.noTokenizer(),
                    identity.warnings(),
                    model.sites().all().stream().map(site -> site(model, site)).toList());
            output.print(report, out -> print(report, out));
        }
        return 0;
    }

    private static Site site(HookedTransformer model, HookSite site) {
        List<Long> shape = Arrays.stream(model.sites().shapeOf(site, 2, 8).getShape())
                .boxed()
                .toList();
        return new Site(site.name(), site.kind().axes(), shape);
    }

    private void print(Report report, PrintWriter out) {
        out.println(report.model.path());
        out.println("hash " + report.model.hash());
        report.model
                .config()
                .fields()
                .forEachRemaining(e ->
                        out.println("  " + e.getKey() + " = " + e.getValue().asText()));
        out.println("numerics: " + report.numerics);
        out.println("tokenizer: " + (report.noTokenizer == null ? "yes" : "none. " + report.noTokenizer));
        report.warnings.forEach(w -> out.println("warning: " + w));
        if (sites) {
            report.sites.forEach(s -> out.println("  " + s.name + "  " + s.axes + "  " + s.shape));
        } else {
            out.println(report.sites.size() + " hook sites; --sites lists them");
        }
    }
}
