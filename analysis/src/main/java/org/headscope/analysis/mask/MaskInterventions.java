package org.headscope.analysis.mask;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Intervention.Skip;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.Activations;
import org.jspecify.annotations.Nullable;

/** Turns a mask into what is done to a running model. */
public final class MaskInterventions {
    private final Map<Mode, Reference> references;

    /**
     * Where replaced outputs come from.
     *
     * @param values activations at {@code z} (heads) and {@code hook_mlp_out} (MLPs)
     * @param description what they were taken from, in words, for results
     */
    public record Reference(Activations values, String description) {}

    /** @param references one for {@link Mode#MEAN} and {@link Mode#RESAMPLE} each, as far as masks use these modes */
    public MaskInterventions(Map<Mode, Reference> references) {
        this.references = Map.copyOf(references);
    }

    /**
     * Takes references from interventions that were compiled from another mask.
     *
     * @param standing what {@link #compile} gave
     * @return compiles masks with the same modes
     */
    public static MaskInterventions with(List<Intervention> standing) {
        Map<Mode, Reference> references = new EnumMap<>(Mode.class);
        for (Intervention one : standing) {
            if (one instanceof Intervention.Ablate ablate && ablate.how() instanceof Ablation.Mean mean) {
                references.put(Mode.MEAN, new Reference(mean.means(), mean.reference()));
            } else if (one instanceof Intervention.Ablate ablate && ablate.how() instanceof Ablation.Resample other) {
                references.put(Mode.RESAMPLE, new Reference(other.other(), other.reference()));
            }
        }
        return new MaskInterventions(references);
    }

    /**
     * Reads a mask off the interventions that were compiled from it.
     *
     * @param shape the grid of the model
     * @param standing what {@link #compile} gave
     * @return the mask
     * @throws MaskException when something among them is no entry of a mask
     */
    public static HeadMask read(MaskShape shape, List<Intervention> standing) {
        HeadMask mask = HeadMask.none(shape);
        for (Intervention one : standing) {
            if (one instanceof Skip skip) {
                mask = mask.with(skipped(skip), MaskSetting.ZERO);
            } else if (one instanceof Intervention.Ablate ablate && ablate.target() instanceof Target.Head head) {
                mask = mask.with(MaskUnit.head(head.layer(), head.head()), setting(ablate.how()));
            } else if (one instanceof Intervention.Ablate ablate && ablate.target() instanceof Target.Mlp mlp) {
                mask = mask.with(MaskUnit.mlp(mlp.layer()), setting(ablate.how()));
            } else {
                throw new MaskException("'" + one.label() + "' is not part of a mask.");
            }
        }
        return mask;
    }

    private static MaskUnit skipped(Skip skip) {
        return switch (skip.part()) {
            case ATTENTION -> MaskUnit.attention(skip.layer());
            case MLP -> MaskUnit.mlp(skip.layer());
            case BLOCK -> MaskUnit.layer(skip.layer());
        };
    }

    private static MaskSetting setting(Ablation how) {
        return how instanceof Ablation.Gate gate ? MaskSetting.gate(gate.gate()) : MaskSetting.of(how.mode());
    }

    /**
     * Compiles a mask.
     *
     * @param mask the mask
     * @return one intervention per entry, labelled as its part
     * @throws MaskException when an entry replaces outputs and no reference was given for its mode
     */
    public List<Intervention> compile(HeadMask mask) {
        return mask.entries().entrySet().stream()
                .map(entry -> intervention(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Intervention intervention(MaskUnit unit, MaskSetting setting) {
        return switch (unit.kind()) {
            case HEAD -> new Intervention.Ablate(new Target.Head(unit.layer(), unit.head()), ablation(unit, setting));
            case MLP -> new Intervention.Ablate(new Target.Mlp(unit.layer()), ablation(unit, setting));
            case ATTENTION -> new Skip(Skip.Part.ATTENTION, unit.layer());
            case LAYER -> new Skip(Skip.Part.BLOCK, unit.layer());
        };
    }

    private Ablation ablation(MaskUnit unit, MaskSetting setting) {
        return switch (setting.mode()) {
            case ZERO -> new Ablation.Zero();
            case UNIFORM -> new Ablation.Uniform();
            case GATE -> new Ablation.Gate(setting.gate());
            case MEAN -> {
                Reference means = reference(unit, setting.mode());
                yield new Ablation.Mean(means.values(), means.description());
            }
            case RESAMPLE -> {
                Reference other = reference(unit, setting.mode());
                yield new Ablation.Resample(other.values(), other.description());
            }
        };
    }

    private Reference reference(MaskUnit unit, Mode mode) {
        @Nullable Reference reference = references.get(mode);
        if (reference == null) {
            throw new MaskException(unit.label() + " is to be replaced (" + mode.label()
                    + "), but nothing to replace it with was chosen: name a reference prompt or set.");
        }
        return reference;
    }
}
