package org.headscope.hooks.site;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One place in a transformer, for example {@code blocks.5.attn.hook_z}.
 *
 * @param kind what is found there
 * @param layer block index from 0, or -1 for sites that exist once
 */
public record HookSite(SiteKind kind, int layer) implements Comparable<HookSite> {
    private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d{1,6})\\.(.+)");
    private static final Map<String, SiteKind> BY_PATH = byPath();

    /** Refuses a layer on a global site and a missing layer on a block site. */
    public HookSite {
        if (kind.perBlock() != layer >= 0) {
            throw new UnknownSiteException(
                    kind.perBlock()
                            ? kind.path() + " exists once per block: say which, for example blocks.0." + kind.path()
                                    + "."
                            : kind.path() + " exists once and takes no layer, but layer " + layer + " was given.");
        }
    }

    /**
     * A site inside a block.
     *
     * @param kind what is found there
     * @param layer block index from 0
     * @return the site
     */
    public static HookSite of(SiteKind kind, int layer) {
        return new HookSite(kind, layer);
    }

    /**
     * The same site in every block.
     *
     * @param layers number of blocks
     * @param kind what is found there
     * @return the sites, in order of layers
     */
    public static List<HookSite> perLayer(int layers, SiteKind kind) {
        return IntStream.range(0, layers).mapToObj(layer -> of(kind, layer)).toList();
    }

    /**
     * A site that exists once.
     *
     * @param kind what is found there
     * @return the site
     */
    public static HookSite global(SiteKind kind) {
        return new HookSite(kind, -1);
    }

    /**
     * Reads a site name in the HookedTransformer spelling or in the TransformerBridge spelling
     * ({@code blocks.5.hook_out} for {@code blocks.5.hook_resid_post}).
     *
     * @param name the name
     * @return the site
     * @throws UnknownSiteException when no transformer has such a site
     */
    public static HookSite parse(String name) {
        Matcher block = BLOCK.matcher(name);
        boolean inBlock = block.matches();
        String path = inBlock ? block.group(2) : name;
        SiteKind kind = BY_PATH.get((inBlock ? "block:" : "global:") + path);
        if (kind == null) {
            throw new UnknownSiteException("There is no hook site named '" + name
                    + "'. Sites look like blocks.5.attn.hook_z; `headscope inspect` lists those of a model.");
        }
        return inBlock ? of(kind, Integer.parseInt(block.group(1))) : global(kind);
    }

    /** {@return the name in the HookedTransformer spelling} */
    public String name() {
        return kind.perBlock() ? "blocks." + layer + "." + kind.path() : kind.path();
    }

    @Override
    public int compareTo(HookSite other) {
        return Comparator.comparingInt(HookSite::layer)
                .thenComparing(HookSite::kind)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return name();
    }

    private static Map<String, SiteKind> byPath() {
        Map<String, SiteKind> map = new HashMap<>();
        for (SiteKind kind : SiteKind.values()) {
            map.put((kind.perBlock() ? "block:" : "global:") + kind.path(), kind);
        }
        map.put("global:embed.hook_out", SiteKind.EMBED);
        map.put("global:pos_embed.hook_out", SiteKind.POS_EMBED);
        map.put("block:hook_in", SiteKind.RESID_PRE);
        map.put("block:hook_out", SiteKind.RESID_POST);
        map.put("block:attn.q.hook_out", SiteKind.Q);
        map.put("block:attn.k.hook_out", SiteKind.K);
        map.put("block:attn.v.hook_out", SiteKind.V);
        map.put("block:attn.o.hook_in", SiteKind.Z);
        map.put("block:attn.hook_out", SiteKind.ATTN_OUT);
        map.put("block:mlp.hook_out", SiteKind.MLP_OUT);
        return map;
    }
}
