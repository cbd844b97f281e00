package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/**
 * Where paths end.
 *
 * @param kind queries, keys, values or what MLPs read; null for the logits
 * @param parts whose; empty for the logits
 * @param config of the model
 */
record PathReceivers(@Nullable SiteKind kind, List<MaskUnit> parts, ModelConfig config) {
    private static final Pattern MLP = Pattern.compile("\\s*(?:mlp\\s*)?(\\d{1,5})\\s*");

    PathReceivers {
        parts = List.copyOf(parts);
    }

    static PathReceivers of(AnalysisContext context, PathPatching.Parameters parameters) {
        ModelConfig config = context.model().config();
        SiteKind kind = parameters.receiver().kind();
        if (kind == null) {
            if (!parameters.heads().isEmpty()) {
                throw ParameterException.refused(
                        "heads", String.join(",", parameters.heads()), "nothing, because paths end at the logits");
            }
            return new PathReceivers(null, List.of(), config);
        }
        return new PathReceivers(
                kind, kind == SiteKind.MLP_IN ? mlps(parameters, config) : heads(kind, parameters, config), config);
    }

    private static List<MaskUnit> heads(SiteKind kind, PathPatching.Parameters parameters, ModelConfig config) {
        Dims dims = config.dims();
        MaskShape shape = new MaskShape(dims.layers(), kind.perKvHead() ? dims.kvHeads() : dims.heads());
        return HeadList.parse("heads", parameters.heads(), shape);
    }

    private static List<MaskUnit> mlps(PathPatching.Parameters parameters, ModelConfig config) {
        List<MaskUnit> mlps = new ArrayList<>();
        int layers = config.block().hasMlp() ? config.dims().layers() : 0;
        for (String text : parameters.heads()) {
            Matcher mlp = MLP.matcher(text);
            if (!mlp.matches() || Integer.parseInt(mlp.group(1)) >= layers) {
                throw refusedMlp(text, layers);
            }
            mlps.add(MaskUnit.mlp(Integer.parseInt(mlp.group(1))));
        }
        if (mlps.isEmpty()) {
            throw refusedMlp("", layers);
        }
        return mlps;
    }

    private static ParameterException refusedMlp(String text, int layers) {
        String allowed = layers == 0
                ? "another receiver: this model has no MLPs"
                : "layers whose MLP receives, from 0 to " + (layers - 1);
        return ParameterException.refused("heads", text, allowed);
    }

    /** Whether a path leads from a part of the model to some receiver. */
    boolean hear(MaskUnit sender) {
        return kind == null || parts.stream().anyMatch(receiver -> leads(sender, receiver));
    }

    private boolean leads(MaskUnit sender, MaskUnit receiver) {
        boolean sameBlock = kind == SiteKind.MLP_IN
                && config.block().arrangement() != Arrangement.PARALLEL
                && (sender.kind() == MaskUnit.Kind.HEAD || sender.kind() == MaskUnit.Kind.ATTENTION);
        return sender.layer() < receiver.layer() || (sameBlock && sender.layer() == receiver.layer());
    }

    /** The last block that has to run before everything that receivers get is known. */
    int lastBlock() {
        int last = parts.stream()
                .mapToInt(MaskUnit::layer)
                .max()
                .orElse(config.dims().layers() - 1);
        return kind == null || kind == SiteKind.MLP_IN ? last : last - 1;
    }

    /** What has to be seen in the run that the sender changed. */
    Set<HookSite> sites() {
        Set<HookSite> sites = new LinkedHashSet<>();
        if (kind != null) {
            parts.forEach(part -> sites.add(HookSite.of(kind, part.layer())));
        }
        return sites;
    }

    /** The part of a site that receives; {@code positions} are those that can change, null for all. */
    Region region(HookSite site, @Nullable Set<Integer> positions) {
        if (site.kind().headAxis() < 0) {
            return new Region(null, positions, null);
        }
        Set<Integer> own = new TreeSet<>();
        parts.stream().filter(part -> part.layer() == site.layer()).forEach(part -> own.add(part.head()));
        return new Region(own, positions, null);
    }

    String words() {
        return kind == null
                ? "final residual stream"
                : kind.path() + " of " + parts.stream().map(MaskUnit::label).collect(Collectors.joining(", "));
    }
}
