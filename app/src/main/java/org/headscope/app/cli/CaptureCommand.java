package org.headscope.app.cli;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.app.capture.CaptureFiles;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headscope capture}: activations of a prompt, written to files other programs read. */
@AutoService(CliCommand.class)
@Command(name = "capture", description = "Write the activations of hook sites to safetensors or npy files.")
public final class CaptureCommand implements CliCommand {
    @Mixin
    private ModelOptions options = new ModelOptions();

    @Mixin
    private CliOutput output = new CliOutput();

    @Option(names = "--prompt", paramLabel = "<text>", description = "The prompt.")
    private @Nullable String prompt;

    @Option(names = "--ids", paramLabel = "<n,n,..>", description = "The prompt as token ids.")
    private @Nullable String ids;

    @Option(
            names = "--sites",
            split = ",",
            required = true,
            paramLabel = "<site>",
            description = "Hook sites, or all. Separated by commas.")
    private List<String> sites = new ArrayList<>();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "<file>",
            description = "A .safetensors file, or a folder that gets one .npy file per site.")
    private Path out = Path.of("activations.safetensors");

    /** What is printed with {@code --json}. */
    record Captured(Path out, List<Integer> ids, List<String> tokens, List<Site> sites) {}

    /** One activation. */
    record Site(String name, List<Long> shape) {}

    @Override
    public Integer call() {
        try (HookedTransformer model = options.load()) {
            Session session = options.session(model, output);
            PromptTokens tokens = new SessionPrompts(session).encode("prompt", PromptChoice.of(prompt, ids, output));
            int[] row = tokens.ids().stream().mapToInt(Integer::intValue).toArray();
            RunRequest request = RunRequest.of(TokenBatch.of(row))
                    .capture(wanted(model))
                    .edits(new Interventions(model.config())
                            .compile(session.mask().interventions()))
                    .build();
            try (RunResult run = model.run(request)) {
                CaptureFiles.write(run, tokens, session, out);
                Captured captured = new Captured(out, tokens.ids(), tokens.strings(), shapes(run));
                output.print(captured, text -> text.println(captured.sites.size() + " activations written to " + out));
            }
        }
        return 0;
    }

    private List<HookSite> wanted(HookedTransformer model) {
        return sites.equals(List.of("all"))
                ? model.sites().all()
                : sites.stream().map(name -> HookSite.parse(name.strip())).toList();
    }

    private static List<Site> shapes(RunResult run) {
        List<Site> shapes = new ArrayList<>();
        run.cache().sites().stream().sorted().forEach(site -> {
            NDArray array = run.cache().get(site);
            shapes.add(new Site(
                    site.name(),
                    Arrays.stream(array.getShape().getShape()).boxed().toList()));
        });
        return shapes;
    }
}
