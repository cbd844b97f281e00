package org.headscope.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.io.HashCheck;
import org.headscope.analysis.mask.io.ImportedMask;
import org.headscope.analysis.mask.io.MaskJson;
import org.headscope.analysis.mask.io.NpyMask;
import org.headscope.analysis.mask.io.PrunedHeads;
import org.headscope.analysis.session.Session;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a mask comes from: a file in one of the three formats, or parts named on the command line. */
public final class MaskSource {
    private static final Pattern HEAD = Pattern.compile("(\\d+)\\.(\\d+)");
    private static final Pattern PART = Pattern.compile("(attn|mlp|layer)(\\d+)");

    @Option(
            names = "--from",
            paramLabel = "<file>",
            description = "Read a mask: .npy, a JSON of ours, or a pruned_heads JSON (*.pruned.json).")
    private @Nullable Path from;

    @Option(
            names = "--heads",
            split = ",",
            paramLabel = "<part>",
            description = "Parts to mask: 8.6 for a head, attn3, mlp3, layer3. Separated by commas.")
    private List<String> parts = new ArrayList<>();

    @Option(
            names = "--mode",
            defaultValue = "ZERO",
            description = "How named parts are masked: ZERO, MEAN, RESAMPLE, UNIFORM or GATE. Default: ZERO.")
    private Mode mode = Mode.ZERO;

    @Option(names = "--gate", defaultValue = "0.5", description = "The gate of mode GATE. Default: 0.5.")
    private double gate;

    /** The mask that was asked for. */
    HeadMask mask(HookedTransformer model, CliOutput output) {
        return imported(model, output).mask();
    }

    /** The same, with the prompts that its file names. */
    ImportedMask imported(HookedTransformer model, CliOutput output) {
        MaskShape shape = MaskShape.of(model.config().dims());
        ImportedMask imported = from == null ? new ImportedMask(HeadMask.none(shape)) : read(from, model, output);
        MaskSetting setting = mode == Mode.GATE ? MaskSetting.gate(gate) : MaskSetting.of(mode);
        List<MaskUnit> units = parts.stream().map(part -> unit(part, output)).toList();
        HeadMask whole = units.isEmpty() ? imported.mask() : imported.mask().with(units, setting);
        if (whole.isEmpty()) {
            throw output.wrongUse("The mask is empty. Name parts with --heads 8.6,9.9 or a file with --from.");
        }
        return new ImportedMask(whole, imported.sources(), imported.warnings());
    }

    private static ImportedMask read(Path file, HookedTransformer model, CliOutput output) {
        MaskShape shape = MaskShape.of(model.config().dims());
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".npy")) {
            return new ImportedMask(NpyMask.read(file, shape, MaskSetting.ZERO));
        }
        if (name.endsWith(".pruned.json")) {
            return new ImportedMask(PrunedHeads.read(file, shape, MaskSetting.ZERO));
        }
        ImportedMask imported = MaskJson.read(file, Session.target(model), HashCheck.WARN);
        imported.warnings().forEach(output::note);
        return imported;
    }

    private static MaskUnit unit(String part, CliOutput output) {
        Matcher head = HEAD.matcher(part.strip());
        if (head.matches()) {
            return MaskUnit.head(Integer.parseInt(head.group(1)), Integer.parseInt(head.group(2)));
        }
        Matcher other = PART.matcher(part.strip());
        if (!other.matches()) {
            throw output.wrongUse("'" + part + "' names no part. Heads are written 8.6, others attn3, mlp3 or layer3.");
        }
        int layer = Integer.parseInt(other.group(2));
        return switch (other.group(1)) {
            case "attn" -> MaskUnit.attention(layer);
            case "mlp" -> MaskUnit.mlp(layer);
            default -> MaskUnit.layer(layer);
        };
    }
}
