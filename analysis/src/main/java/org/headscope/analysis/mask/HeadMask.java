package org.headscope.analysis.mask;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.headscope.hooks.intervene.Ablation.Mode;

/**
 * Which parts of a model are masked, and how. Immutable; what is not listed is untouched. The name says what it is used
 * for most; attentions, MLPs and whole layers can be listed too.
 */
public final class HeadMask {
    private final MaskShape shape;
    private final SortedMap<MaskUnit, MaskSetting> entries;

    private HeadMask(MaskShape shape, SortedMap<MaskUnit, MaskSetting> entries) {
        this.shape = shape;
        this.entries = Collections.unmodifiableSortedMap(entries);
    }

    /**
     * The mask that masks nothing.
     *
     * @param shape the grid of the model
     * @return an empty mask
     */
    public static HeadMask none(MaskShape shape) {
        return new HeadMask(shape, new TreeMap<>());
    }

    /**
     * A mask from its entries.
     *
     * @param shape the grid of the model
     * @param entries setting per masked part
     * @return the mask
     * @throws MaskException when a part lies outside the grid or cannot be masked that way
     */
    public static HeadMask of(MaskShape shape, Map<MaskUnit, MaskSetting> entries) {
        entries.forEach((unit, setting) -> require(shape, unit, setting));
        return new HeadMask(shape, new TreeMap<>(entries));
    }

    private static void require(MaskShape shape, MaskUnit unit, MaskSetting setting) {
        if (unit.layer() >= shape.layers() || unit.head() >= shape.heads()) {
            throw new MaskException(
                    "The mask names " + unit.label() + ", but the model has " + shape + ", counted from 0.");
        }
        if (!setting.fits(unit.kind())) {
            throw new MaskException("A mask cannot set " + unit.label() + " to " + setting.label() + ": "
                    + unit.kind().plural() + " take "
                    + (unit.kind() == MaskUnit.Kind.MLP ? "zero, mean, resample or gate." : "zero."));
        }
    }

    /** {@return the grid it lies on} */
    public MaskShape shape() {
        return shape;
    }

    /** {@return setting per masked part, heads first, then by layer} */
    public SortedMap<MaskUnit, MaskSetting> entries() {
        return entries;
    }

    /** {@return number of masked parts} */
    public int size() {
        return entries.size();
    }

    /** {@return whether nothing is masked} */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * @param unit a part
     * @return how it is masked, or empty when it is untouched
     */
    public Optional<MaskSetting> setting(MaskUnit unit) {
        return Optional.ofNullable(entries.get(unit));
    }

    /**
     * @param mode a way to mask
     * @return whether some part is masked that way
     */
    public boolean uses(Mode mode) {
        return entries.values().stream().anyMatch(setting -> setting.mode() == mode);
    }

    /**
     * @param kind a kind of part
     * @return the masked parts of that kind, in order
     */
    public SortedSet<MaskUnit> units(MaskUnit.Kind kind) {
        return entries.keySet().stream()
                .filter(unit -> unit.kind() == kind)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@return the mode all parts share, {@code mixed} when they differ, {@code none} when nothing is masked} */
    public String modeLabel() {
        List<String> modes = entries.values().stream()
                .map(MaskSetting::mode)
                .distinct()
                .map(Mode::label)
                .toList();
        return switch (modes.size()) {
            case 0 -> "none";
            case 1 -> modes.get(0);
            default -> "mixed";
        };
    }

    /**
     * @param unit the part to mask, or to mask otherwise
     * @param setting how
     * @return a mask with that entry
     * @throws MaskException when the part lies outside the grid or cannot be masked that way
     */
    public HeadMask with(MaskUnit unit, MaskSetting setting) {
        return with(List.of(unit), setting);
    }

    /**
     * @param units the parts to mask, or to mask otherwise
     * @param setting how
     * @return a mask with those entries
     * @throws MaskException when a part lies outside the grid or cannot be masked that way
     */
    public HeadMask with(Collection<MaskUnit> units, MaskSetting setting) {
        TreeMap<MaskUnit, MaskSetting> more = new TreeMap<>(entries);
        for (MaskUnit unit : units) {
            require(shape, unit, setting);
            more.put(unit, setting);
        }
        return new HeadMask(shape, more);
    }

    /**
     * @param units the parts to leave untouched
     * @return a mask without their entries
     */
    public HeadMask without(Collection<MaskUnit> units) {
        TreeMap<MaskUnit, MaskSetting> fewer = new TreeMap<>(entries);
        fewer.keySet().removeAll(units);
        return new HeadMask(shape, fewer);
    }

    /**
     * Unmasks a part that is masked, masks one that is not.
     *
     * @param unit the part
     * @param setting how to mask it if it is not masked
     * @return the mask after the toggle
     * @throws MaskException when the part lies outside the grid or cannot be masked that way
     */
    public HeadMask toggle(MaskUnit unit, MaskSetting setting) {
        return entries.containsKey(unit) ? without(List.of(unit)) : with(unit, setting);
    }

    /**
     * Parts masked in either mask; where both mask a part, the other's setting counts.
     *
     * @param other a mask on the same grid
     * @return the union
     * @throws MaskException when the grids differ
     */
    public HeadMask union(HeadMask other) {
        requireSameShape(other);
        TreeMap<MaskUnit, MaskSetting> both = new TreeMap<>(entries);
        both.putAll(other.entries);
        return new HeadMask(shape, both);
    }

    /**
     * Parts masked in both masks, with this one's settings.
     *
     * @param other a mask on the same grid
     * @return the intersection
     * @throws MaskException when the grids differ
     */
    public HeadMask intersect(HeadMask other) {
        requireSameShape(other);
        TreeMap<MaskUnit, MaskSetting> common = new TreeMap<>(entries);
        common.keySet().retainAll(other.entries.keySet());
        return new HeadMask(shape, common);
    }

    /**
     * Parts masked here and not in the other mask.
     *
     * @param other a mask on the same grid
     * @return the difference
     * @throws MaskException when the grids differ
     */
    public HeadMask minus(HeadMask other) {
        requireSameShape(other);
        return without(other.entries.keySet());
    }

    /**
     * Swaps masked and untouched parts of one kind; other kinds stay as they are. Inverting the heads of a circuit gives
     * the mask that leaves only the circuit.
     *
     * @param kind which kind
     * @param setting how the newly masked parts are masked
     * @return the inverted mask
     * @throws MaskException when parts of that kind cannot be masked that way
     */
    public HeadMask invert(MaskUnit.Kind kind, MaskSetting setting) {
        SortedSet<MaskUnit> masked = units(kind);
        List<MaskUnit> untouched = shape.units(kind).stream()
                .filter(unit -> !masked.contains(unit))
                .toList();
        return without(masked).with(untouched, setting);
    }

    /**
     * What changes from this mask to another.
     *
     * @param other a mask on the same grid
     * @return parts added, removed and set otherwise
     * @throws MaskException when the grids differ
     */
    public MaskDiff diff(HeadMask other) {
        HeadMask common = intersect(other);
        TreeMap<MaskUnit, MaskSetting> changed = new TreeMap<>(other.intersect(this).entries);
        changed.entrySet().removeIf(entry -> entry.getValue().equals(common.entries.get(entry.getKey())));
        return new MaskDiff(other.minus(this).entries, minus(other).entries, changed);
    }

    private void requireSameShape(HeadMask other) {
        if (!shape.equals(other.shape)) {
            throw new MaskException("These masks are for different models: " + shape + " and " + other.shape + ".");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeadMask mask && shape.equals(mask.shape) && entries.equals(mask.entries);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.entrySet().stream()
                .map(entry -> entry.getKey().label() + " " + entry.getValue().label())
                .collect(Collectors.joining(", ", "HeadMask[", "]"));
    }
}
