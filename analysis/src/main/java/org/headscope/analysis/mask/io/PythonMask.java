package org.headscope.analysis.mask.io;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskException;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.bake.OutputModules;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.io.AtomicFile;

/**
 * A mask as a Python file with two functions: one that hooks a model of transformers, before W_O, and one that hooks a
 * HookedTransformer of TransformerLens, at {@code hook_z}. Zero and gates can be said that way.
 */
public final class PythonMask {
    private static final String TEMPLATE =
            """
            # A head mask of %s, written by Headscope.
            # Heads are scaled at z, the input of the output projection W_O; 0 removes a head, b_O stays.
            # apply_to_transformers(model) hooks a model of transformers, apply_to_transformer_lens(model) a
            # HookedTransformer; both return handles or names that take the mask away again.

            D_HEAD = %d
            HEADS = {%s}  # layer: {head: factor}
            SILENT_ATTENTION = [%s]  # layers
            SILENT_MLP = {%s}  # layer: factor

            # Names of the modules in the checkpoint; a model may put a prefix before them.
            ATTENTION_MODULES = {%s}
            MLP_MODULES = {%s}


            def _module(model, name):
                found = [m for n, m in model.named_modules() if n == name or n.endswith("." + name)]
                if len(found) != 1:
                    raise ValueError(f"{name} names {len(found)} modules of this model, not one")
                return found[0]


            def _scale_heads(heads):
                def hook(module, args):
                    z = args[0].clone()
                    for head, factor in heads.items():
                        z[..., head * D_HEAD : (head + 1) * D_HEAD] *= factor
                    return (z,) + args[1:]

                return hook


            def _scale_output(factor):
                return lambda module, args, output: output * factor


            def apply_to_transformers(model):
                handles = []
                for layer, heads in HEADS.items():
                    projection = _module(model, ATTENTION_MODULES[layer])
                    handles.append(projection.register_forward_pre_hook(_scale_heads(heads)))
                for layer in SILENT_ATTENTION:
                    projection = _module(model, ATTENTION_MODULES[layer])
                    handles.append(projection.register_forward_hook(_scale_output(0.0)))
                for layer, factor in SILENT_MLP.items():
                    projection = _module(model, MLP_MODULES[layer])
                    handles.append(projection.register_forward_hook(_scale_output(factor)))
                return handles


            def apply_to_transformer_lens(model):
                def scale_heads(heads):
                    def hook(z, hook):
                        for head, factor in heads.items():
                            z[:, :, head] *= factor
                        return z

                    return hook

                for layer, heads in HEADS.items():
                    model.add_hook(f"blocks.{layer}.attn.hook_z", scale_heads(heads))
                for layer in SILENT_ATTENTION:
                    model.add_hook(f"blocks.{layer}.hook_attn_out", lambda out, hook: out * 0.0)
                for layer, factor in SILENT_MLP.items():
                    model.add_hook(f"blocks.{layer}.hook_mlp_out", lambda out, hook, factor=factor: out * factor)
                return [f"blocks.{layer}" for layer in {*HEADS, *SILENT_ATTENTION, *SILENT_MLP}]
            """;

    private final Map<Integer, Map<Integer, Double>> heads = new TreeMap<>();
    private final TreeSet<Integer> attentions = new TreeSet<>();
    private final Map<Integer, Double> mlps = new TreeMap<>();

    private PythonMask(HeadMask mask) {
        mask.entries().forEach(this::add);
    }

    /**
     * Writes the file.
     *
     * @param mask the mask
     * @param model the loaded model it is for
     * @param file where to
     * @throws MaskException when a part is masked with a mode that needs a text to compare with, or a whole layer is skipped
     */
    public static void write(HeadMask mask, HookedTransformer model, Path file) {
        AtomicFile.writeText(file, new PythonMask(mask).text(model));
    }

    private void add(MaskUnit unit, MaskSetting setting) {
        switch (unit.kind()) {
            case HEAD ->
                heads.computeIfAbsent(unit.layer(), layer -> new TreeMap<>()).put(unit.head(), factor(unit, setting));
            case MLP -> mlps.put(unit.layer(), factor(unit, setting));
            case ATTENTION -> attentions.add(unit.layer());
            case LAYER ->
                throw new MaskException(
                        unit.label() + " is skipped as a whole. For Python, mask its attention and its MLP"
                                + " instead: attn" + unit.layer() + " and mlp" + unit.layer() + ".");
        }
    }

    private static double factor(MaskUnit unit, MaskSetting setting) {
        if (setting.mode() != Ablation.Mode.ZERO && setting.mode() != Ablation.Mode.GATE) {
            throw new MaskException(
                    unit.label() + " is masked with mode " + setting.label()
                            + ", which is no factor on its output. Python files can hold zero and gates; JSON holds all modes.");
        }
        return setting.keep();
    }

    private String text(HookedTransformer model) {
        TreeSet<Integer> named = new TreeSet<>(heads.keySet());
        named.addAll(attentions);
        OutputModules modules = OutputModules.of(model, named, mlps.keySet());
        return TEMPLATE.formatted(
                model.identity().name().replaceAll("\\R", " "),
                model.config().dims().dHead(),
                join(heads.entrySet().stream()
                        .map(entry -> entry.getKey() + ": {" + factors(entry.getValue()) + "}")
                        .toList()),
                join(attentions.stream().map(String::valueOf).toList()),
                factors(mlps),
                names(modules.attention()),
                names(modules.mlp()));
    }

    private static String factors(Map<Integer, Double> factors) {
        return join(factors.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList());
    }

    private static String names(Map<Integer, String> names) {
        return join(names.entrySet().stream()
                .map(entry -> entry.getKey() + ": \"" + entry.getValue().replaceAll("[^\\w.-]", "") + "\"")
                .toList());
    }

    private static String join(Collection<String> parts) {
        return parts.stream().collect(Collectors.joining(", "));
    }
}
