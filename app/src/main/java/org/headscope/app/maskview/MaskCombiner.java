package org.headscope.app.maskview;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import javafx.beans.InvalidationListener;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskCombination;
import org.headscope.analysis.mask.MaskCombination.Conflict;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.text.Messages;

/** Makes one mask of two and puts it on the table; what both mask differently is said before. */
public final class MaskCombiner {
    static final List<MaskCombination> WAYS = List.of(MaskCombination.values());
    private static final int SHOWN = 8;

    private final MaskSetsModel sets;
    private final ObjectProperty<MaskChoice> first = new SimpleObjectProperty<>(this, "first", MaskChoice.CURRENT);
    private final ObjectProperty<MaskChoice> second = new SimpleObjectProperty<>(this, "second", MaskChoice.CURRENT);
    private final ObjectProperty<MaskCombination> way = new SimpleObjectProperty<>(this, "way", MaskCombination.UNION);
    private final ObjectProperty<Boolean> firstCounts = new SimpleObjectProperty<>(this, "firstCounts", true);
    private final ReadOnlyStringWrapper conflicts = new ReadOnlyStringWrapper(this, "conflicts", "");

    /** @param sets the masks there are */
    public MaskCombiner(MaskSetsModel sets) {
        this.sets = sets;
        InvalidationListener look = changed -> conflicts.set(clashes());
        first.addListener(look);
        second.addListener(look);
        way.addListener(look);
        sets.sets().addListener(look);
        sets.bench().maskProperty().addListener(look);
    }

    MaskSetsModel sets() {
        return sets;
    }

    public ObjectProperty<MaskChoice> firstProperty() {
        return first;
    }

    public ObjectProperty<MaskChoice> secondProperty() {
        return second;
    }

    public ObjectProperty<MaskCombination> wayProperty() {
        return way;
    }

    /** Whose setting holds for a part that both mask differently: that of the first mask, or else of the second. */
    public ObjectProperty<Boolean> firstCountsProperty() {
        return firstCounts;
    }

    /** Parts that both mask differently, where that matters; empty when there are none. */
    public ReadOnlyStringProperty conflictsProperty() {
        return conflicts.getReadOnlyProperty();
    }

    /** Puts the combination on the table. */
    public void combine() {
        Optional<HeadMask> one = mask(first.get());
        Optional<HeadMask> other = mask(second.get());
        if (one.isPresent() && other.isPresent()) {
            sets.bench().maskProperty().set(way.get().of(one.get(), other.get(), firstCounts.get()));
        }
    }

    private Optional<HeadMask> mask(MaskChoice choice) {
        return choice == null ? Optional.empty() : sets.mask(choice);
    }

    private String clashes() {
        Optional<HeadMask> one = mask(first.get());
        Optional<HeadMask> other = mask(second.get());
        if (way.get() == MaskCombination.DIFFERENCE
                || one.isEmpty()
                || other.isEmpty()
                || !one.get().shape().equals(other.get().shape())) {
            return "";
        }
        SortedMap<MaskUnit, Conflict> found = MaskCombination.conflicts(one.get(), other.get());
        if (found.isEmpty()) {
            return "";
        }
        String some = found.entrySet().stream()
                .limit(SHOWN)
                .map(entry -> entry.getKey().label() + " ("
                        + entry.getValue().first().label() + " / "
                        + entry.getValue().second().label() + ")")
                .collect(Collectors.joining(", "));
        return Messages.get(
                "mask.combine.conflicts", Integer.toString(found.size()), found.size() > SHOWN ? some + ", …" : some);
    }

    static String words(MaskCombination way) {
        return switch (way) {
            case UNION -> Messages.get("mask.combine.union");
            case INTERSECTION -> Messages.get("mask.combine.intersection");
            case DIFFERENCE -> Messages.get("mask.combine.difference");
        };
    }

    static String whose(boolean first) {
        return first ? Messages.get("mask.combine.first") : Messages.get("mask.combine.second");
    }
}
