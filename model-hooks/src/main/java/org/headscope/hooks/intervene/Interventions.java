package org.headscope.hooks.intervene;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.run.Activations;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Turns interventions into edits at hook sites. Gates of one layer become a single multiplication. */
public final class Interventions {
    private final ModelConfig config;

    /** @param config the model they are meant for */
    public Interventions(ModelConfig config) {
        this.config = config;
    }

    /**
     * Compiles interventions.
     *
     * @param interventions what to do; at one site they act in this order, gates first
     * @return the edits
     * @throws HeadscopeException when a layer or head does not exist, a source lacks a site, or a mode does not fit
     */
    public List<SiteEdit> compile(List<Intervention> interventions) {
        Map<HookSite, GateEdit> gates = new LinkedHashMap<>();
        List<SiteEdit> others = new ArrayList<>();
        for (Intervention intervention : interventions) {
            if (intervention instanceof Intervention.Ablate ablate) {
                ablate(ablate, gates, others);
            } else if (intervention instanceof Intervention.Patch patch) {
                others.add(patch(patch));
            } else if (intervention instanceof Intervention.Freeze freeze) {
                others.addAll(freeze(freeze));
            } else if (intervention instanceof Intervention.Skip skip) {
                others.addAll(skip(skip));
            } else if (intervention instanceof Intervention.Streaming streaming) {
                others.add(streaming(streaming));
            }
        }
        List<SiteEdit> all = new ArrayList<>(gates.values());
        all.addAll(others);
        return all;
    }

    private void ablate(Intervention.Ablate ablate, Map<HookSite, GateEdit> gates, List<SiteEdit> others) {
        Target target = ablate.target();
        check(target);
        Ablation how = ablate.how();
        if (how instanceof Ablation.Zero || how instanceof Ablation.Gate) {
            gate(ablate, how instanceof Ablation.Gate gate ? gate.gate() : 0, gates, others);
        } else if (how instanceof Ablation.Mean mean) {
            others.add(replace(ablate.label(), target.site(), target.region(), mean.means()));
        } else if (how instanceof Ablation.Resample resample) {
            others.add(replace(ablate.label(), target.site(), target.region(), resample.other()));
        } else {
            others.add(uniform(ablate));
        }
    }

    private void gate(Intervention.Ablate ablate, double gate, Map<HookSite, GateEdit> gates, List<SiteEdit> others) {
        Target target = ablate.target();
        if (target.region().positions() != null) {
            others.add(new GateAtEdit(ablate.label(), target.site(), target.region(), (float) gate));
            return;
        }
        gates.computeIfAbsent(
                        target.site(), site -> new GateEdit(site, config.dims().heads()))
                .add(target.region().heads(), gate, ablate.label());
    }

    private static SiteEdit replace(String label, HookSite site, Region region, Activations source) {
        source.shapeAt(site); // refused here rather than in the middle of a run
        return new ReplaceEdit(label, site, region, source);
    }

    private static SiteEdit uniform(Intervention.Ablate ablate) {
        int layer = ablate.target().site().layer();
        if (ablate.target() instanceof Target.Mlp) {
            throw new HeadscopeException("Uniform attention is a way to ablate heads; MLP " + layer
                    + " has none. Use zero, mean or resample.");
        }
        return new UniformEdit(
                ablate.label(),
                HookSite.of(SiteKind.PATTERN, layer),
                ablate.target().region());
    }

    private SiteEdit patch(Intervention.Patch patch) {
        patch.region().requireFits(patch.site(), config.dims());
        return replace(patch.label(), patch.site(), patch.region(), patch.source());
    }

    private static List<SiteEdit> freeze(Intervention.Freeze freeze) {
        List<SiteEdit> edits = new ArrayList<>();
        for (HookSite site : new TreeSet<>(freeze.sites())) {
            edits.add(replace("freeze " + site, site, Region.ALL, freeze.source()));
        }
        return edits;
    }

    private List<SiteEdit> skip(Intervention.Skip skip) {
        requireLayer(skip.layer());
        return switch (skip.part()) {
            case ATTENTION -> List.of(nothing(skip, SiteKind.ATTN_OUT));
            case MLP -> List.of(nothing(skip, SiteKind.MLP_OUT));
            case BLOCK -> {
                SkipBlock block = new SkipBlock(skip.label(), skip.layer(), blockEnd());
                yield List.of(block.reader(), block.writer());
            }
        };
    }

    private SiteEdit streaming(Intervention.Streaming streaming) {
        requireLayer(streaming.layer());
        if (!config.attention().causal()) {
            throw new HeadscopeException("Streaming attention keeps the first and the latest tokens, but this "
                    + config.family() + " model reads in both directions and has no latest ones. Choose a decoder.");
        }
        if (streaming.heads().isEmpty()) {
            throw new HeadscopeException("Streaming attention in layer " + streaming.layer()
                    + " names no heads, so it would do nothing. Name some, or leave the layer out.");
        }
        HookSite site = HookSite.of(SiteKind.ATTN_SCORES, streaming.layer());
        new Region(streaming.heads(), null, null).requireFits(site, config.dims());
        return new StreamingEdit(streaming.label(), site, streaming.heads(), streaming.window());
    }

    private static SiteEdit nothing(Intervention.Skip skip, SiteKind kind) {
        HookSite site = HookSite.of(kind, skip.layer());
        GateEdit edit = new GateEdit(site, 1);
        edit.add(null, 0, skip.label());
        return edit;
    }

    private SiteKind blockEnd() {
        return config.block().arrangement() == Arrangement.POST_NORM
                ? SiteKind.NORMALIZED_RESID_POST
                : SiteKind.RESID_POST;
    }

    private void check(Target target) {
        requireLayer(target.site().layer());
        Dims dims = config.dims();
        Set<Integer> heads = target.region().heads();
        if (heads != null && heads.stream().anyMatch(head -> head < 0 || head >= dims.heads())) {
            throw new HeadscopeException(
                    "There is no head " + target.label() + ": layers have heads 0 to " + (dims.heads() - 1) + ".");
        }
    }

    private void requireLayer(int layer) {
        if (layer < 0 || layer >= config.dims().layers()) {
            throw new HeadscopeException("There is no layer " + layer + ": this model has layers 0 to "
                    + (config.dims().layers() - 1) + ".");
        }
    }
}
