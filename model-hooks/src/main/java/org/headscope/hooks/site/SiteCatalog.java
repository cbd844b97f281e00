package org.headscope.hooks.site;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.ModelWeights;
import org.jspecify.annotations.Nullable;

/** The hook sites that one model has. */
public final class SiteCatalog {
    private final Dims dims;
    private final Set<SiteKind> global;
    private final List<Set<SiteKind>> blocks;

    /**
     * Lists the sites of a model.
     *
     * @param config its configuration
     * @param weights its weights; they tell which norms exist
     */
    public SiteCatalog(ModelConfig config, ModelWeights weights) {
        this.dims = config.dims();
        this.global = globalKinds(config, weights);
        List<Set<SiteKind>> perBlock = new ArrayList<>();
        for (int l = 0; l < dims.layers(); l++) {
            perBlock.add(blockKinds(config, weights.blocks().get(l), l));
        }
        this.blocks = List.copyOf(perBlock);
    }

    /** {@return all sites, in forward order of their names} */
    public List<HookSite> all() {
        List<HookSite> sites = new ArrayList<>();
        global.forEach(kind -> sites.add(HookSite.global(kind)));
        for (int l = 0; l < blocks.size(); l++) {
            for (SiteKind kind : blocks.get(l)) {
                sites.add(HookSite.of(kind, l));
            }
        }
        return sites;
    }

    /**
     * Tells whether this model has a site.
     *
     * @param site the site
     * @return whether hooks can be attached there
     */
    public boolean has(HookSite site) {
        if (!site.kind().perBlock()) {
            return global.contains(site.kind());
        }
        return site.layer() < blocks.size() && blocks.get(site.layer()).contains(site.kind());
    }

    /**
     * Insists that this model has a site.
     *
     * @param site the site
     * @return the same site
     * @throws UnknownSiteException naming the sites that exist instead
     */
    public HookSite require(HookSite site) {
        if (has(site)) {
            return site;
        }
        throw new UnknownSiteException("This model has no site " + site.name() + ". " + alternatives(site));
    }

    /**
     * The shape of a site for a full forward pass.
     *
     * @param site a site of this model
     * @param batch number of prompts
     * @param pos number of tokens
     * @return its shape
     */
    public Shape shapeOf(HookSite site, long batch, long pos) {
        require(site);
        return new Shape(site.kind().axes().stream()
                .mapToLong(axis -> length(axis, batch, pos))
                .toArray());
    }

    private long length(String axis, long batch, long pos) {
        return switch (axis) {
            case "batch" -> batch;
            case "pos", "q_pos", "k_pos" -> pos;
            case "head" -> dims.heads();
            case "kv_head" -> dims.kvHeads();
            case "d_model" -> dims.dModel();
            case "d_head" -> dims.dHead();
            case "d_mlp" -> dims.dMlp();
            default -> 1;
        };
    }

    private String alternatives(HookSite site) {
        if (site.kind().perBlock() && site.layer() >= blocks.size()) {
            return "It has layers 0 to " + (blocks.size() - 1) + ".";
        }
        Set<SiteKind> there = site.kind().perBlock() ? blocks.get(site.layer()) : global;
        String hint = site.kind() == SiteKind.ATTN_IN && dims.kvHeads() != dims.heads()
                ? "Under grouped-query attention use hook_q_input, hook_k_input and hook_v_input. "
                : "";
        return hint + "It has " + there.stream().map(SiteKind::path).collect(Collectors.joining(", ")) + ".";
    }

    private static Set<SiteKind> globalKinds(ModelConfig config, ModelWeights weights) {
        Set<SiteKind> kinds = EnumSet.of(SiteKind.TOKENS, SiteKind.EMBED);
        addIf(kinds, weights.embed().positions() != null, SiteKind.POS_EMBED);
        addIf(kinds, weights.embed().tokenTypes() != null, SiteKind.TOKEN_TYPE_EMBED);
        addNorm(kinds, config, weights.unembed().finalNorm(), SiteKind.LN_FINAL_SCALE, SiteKind.LN_FINAL_NORMALIZED);
        return kinds;
    }

    private static Set<SiteKind> blockKinds(ModelConfig config, BlockWeights block, int layer) {
        Set<SiteKind> kinds = EnumSet.of(SiteKind.RESID_PRE, SiteKind.Q_INPUT, SiteKind.K_INPUT, SiteKind.V_INPUT);
        kinds.addAll(EnumSet.of(SiteKind.Q, SiteKind.K, SiteKind.V, SiteKind.ATTN_SCORES, SiteKind.PATTERN));
        kinds.addAll(EnumSet.of(SiteKind.Z, SiteKind.RESULT, SiteKind.ATTN_OUT, SiteKind.RESID_POST));
        AttentionSpec attention = config.attention();
        addIf(kinds, config.dims().kvHeads() == config.dims().heads(), SiteKind.ATTN_IN);
        addIf(kinds, attention.layers().get(layer).rope() != null, SiteKind.ROT_Q);
        addIf(kinds, attention.layers().get(layer).rope() != null, SiteKind.ROT_K);
        addIf(kinds, config.block().hasResidMid(), SiteKind.RESID_MID);
        addIf(kinds, config.block().arrangement() == Arrangement.POST_NORM, SiteKind.NORMALIZED_RESID_POST);
        BlockWeights.Norms norms = block.norms();
        addNorm(kinds, config, norms.ln1(), SiteKind.LN1_SCALE, SiteKind.LN1_NORMALIZED);
        addNorm(kinds, config, norms.ln1Post(), SiteKind.LN1_POST_SCALE, SiteKind.LN1_POST_NORMALIZED);
        if (config.block().hasMlp()) {
            kinds.addAll(EnumSet.of(SiteKind.MLP_IN, SiteKind.MLP_PRE, SiteKind.MLP_POST, SiteKind.MLP_OUT));
            addIf(kinds, config.mlp().gated(), SiteKind.MLP_PRE_LINEAR);
            addNorm(kinds, config, norms.ln2(), SiteKind.LN2_SCALE, SiteKind.LN2_NORMALIZED);
            addNorm(kinds, config, norms.ln2Post(), SiteKind.LN2_POST_SCALE, SiteKind.LN2_POST_NORMALIZED);
        }
        return kinds;
    }

    private static void addNorm(
            Set<SiteKind> kinds, ModelConfig config, @Nullable Object norm, SiteKind scale, SiteKind normalized) {
        boolean exists = norm != null && config.block().norm().kind() != NormSpec.Kind.NONE;
        addIf(kinds, exists, scale);
        addIf(kinds, exists, normalized);
    }

    private static void addIf(Set<SiteKind> kinds, boolean condition, SiteKind kind) {
        if (condition) {
            kinds.add(kind);
        }
    }
}
