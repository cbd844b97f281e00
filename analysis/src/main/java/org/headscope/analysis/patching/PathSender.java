package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * What is moved together at the start of paths.
 *
 * @param parts heads, attentions (all heads of a layer), MLPs, or layers (all heads and the MLP)
 */
public record PathSender(List<MaskUnit> parts) {
    private static final Pattern HEAD = Pattern.compile("(\\d{1,5})\\.(\\d{1,5})");
    private static final Pattern WHOLE = Pattern.compile("(mlp|attn|layer)\\s*(\\d{1,5})");
    private static final String WANTED =
            "senders such as 3.1, mlp 3, attn 3 or layer 3, joined by + where they move together";

    /** Copies the list and refuses an empty one. */
    public PathSender {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("A path starts somewhere: name at least one sender.");
        }
    }

    /**
     * Every head by itself, then every MLP by itself.
     *
     * @param config of the model
     * @return heads in the order of a grid {@code [layer, head]}, then MLPs by layer where the model has any
     */
    public static List<PathSender> alone(ModelConfig config) {
        MaskShape shape = MaskShape.of(config.dims());
        List<MaskUnit> units = new ArrayList<>(shape.units(MaskUnit.Kind.HEAD));
        if (config.block().hasMlp()) {
            units.addAll(shape.units(MaskUnit.Kind.MLP));
        }
        return units.stream().map(unit -> new PathSender(List.of(unit))).toList();
    }

    /**
     * Reads senders as people write them.
     *
     * @param parameter name of the parameter they are given in
     * @param texts one sender each, its parts joined by {@code +}
     * @param config of the model
     * @return the senders in that order
     * @throws ParameterException naming the first that this model does not have
     */
    static List<PathSender> parse(String parameter, List<String> texts, ModelConfig config) {
        List<PathSender> senders = new ArrayList<>();
        for (String text : texts) {
            List<MaskUnit> parts = new ArrayList<>();
            for (String part : text.split("\\+", -1)) {
                parts.add(part(parameter, part.strip(), config));
            }
            senders.add(new PathSender(parts));
        }
        return senders;
    }

    private static MaskUnit part(String parameter, String text, ModelConfig config) {
        Matcher head = HEAD.matcher(text);
        Matcher whole = WHOLE.matcher(text);
        int layers = config.dims().layers();
        if (head.matches()
                && Integer.parseInt(head.group(1)) < layers
                && Integer.parseInt(head.group(2)) < config.dims().heads()) {
            return MaskUnit.head(Integer.parseInt(head.group(1)), Integer.parseInt(head.group(2)));
        }
        if (whole.matches() && Integer.parseInt(whole.group(2)) < layers) {
            int layer = Integer.parseInt(whole.group(2));
            if (whole.group(1).equals("attn")) {
                return MaskUnit.attention(layer);
            }
            if (config.block().hasMlp()) {
                return whole.group(1).equals("mlp") ? MaskUnit.mlp(layer) : MaskUnit.layer(layer);
            }
        }
        throw ParameterException.refused(
                parameter,
                text,
                WANTED + "; this model has " + layers + " layers of "
                        + config.dims().heads() + " heads" + (config.block().hasMlp() ? "" : " and no MLPs"));
    }

    /** {@return its parts in one name, such as {@code 3.1+mlp 3}} */
    public String label() {
        return parts.stream().map(MaskUnit::label).collect(Collectors.joining("+"));
    }

    /** {@return the first layer that it changes} */
    int entry() {
        return parts.stream().mapToInt(MaskUnit::layer).min().orElseThrow();
    }

    /** {@return the layers whose MLP it moves} */
    Set<Integer> mlps() {
        return parts.stream()
                .filter(part -> part.kind() == MaskUnit.Kind.MLP || part.kind() == MaskUnit.Kind.LAYER)
                .map(MaskUnit::layer)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Puts another run's values into every part: heads at {@code z}, MLPs at their output.
     *
     * @param source the other run
     * @return one intervention per site
     */
    List<Intervention> edits(ActivationCache source) {
        Map<Integer, Set<Integer>> heads = new TreeMap<>();
        Collection<Integer> whole = new TreeSet<>();
        for (MaskUnit part : parts) {
            if (part.kind() == MaskUnit.Kind.HEAD) {
                heads.computeIfAbsent(part.layer(), key -> new TreeSet<>()).add(part.head());
            } else if (part.kind() != MaskUnit.Kind.MLP) {
                whole.add(part.layer());
            }
        }
        heads.keySet().removeAll(whole);
        List<Intervention> edits = new ArrayList<>();
        heads.forEach((layer, some) -> edits.add(
                new Intervention.Patch(HookSite.of(SiteKind.Z, layer), new Region(some, null, null), source)));
        whole.forEach(layer -> edits.add(new Intervention.Patch(HookSite.of(SiteKind.Z, layer), Region.ALL, source)));
        mlps().forEach(layer ->
                edits.add(new Intervention.Patch(HookSite.of(SiteKind.MLP_OUT, layer), Region.ALL, source)));
        return edits;
    }
}
