package org.headscope.app.patch;

import java.util.List;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.headscope.analysis.patching.PatchSite;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.Services;
import org.jspecify.annotations.Nullable;

/** One closer look at a patching result: the runs it takes, their numbers, and what was chosen among them. */
public final class DrillStep {
    /** Effects below this share of the whole are not blown up to full colours. */
    private static final double FAINTEST = 0.1;

    private final Place place;
    private final String title;
    private final boolean last;
    private final List<DrillPart> parts;
    private final ReadOnlyObjectWrapper<@Nullable Place> chosen = new ReadOnlyObjectWrapper<>(this, "chosen");
    private final ReadOnlyStringWrapper details = new ReadOnlyStringWrapper(this, "details", "");

    private DrillStep(Place place, String title, boolean last, List<DrillPart> parts) {
        this.place = place;
        this.title = title;
        this.last = last;
        this.parts = parts;
        for (DrillPart part : parts) {
            part.chosenProperty().subscribe(now -> {
                chosen.set(now);
                describe();
            });
            part.revisionProperty().subscribe((before, now) -> {
                colour();
                describe();
            });
        }
    }

    /** Heads at a position: those of the layer, or of all layers up to it where earlier ones may have written there. */
    static DrillStep heads(Services services, Place place, boolean earlierToo) {
        String layer = Integer.toString(place.layer());
        String title = earlierToo && place.layer() > 0
                ? Messages.get("patch.drill.headsUpTo", layer, token(place))
                : Messages.get("patch.drill.heads", layer, token(place));
        return new DrillStep(place, title, false, List.of(new HeadsPart(services, place, earlierToo)));
    }

    /** Positions at which a head matters. */
    static DrillStep positions(Services services, Place place) {
        String title = Messages.get("patch.drill.positions", place.layer() + "." + place.head());
        return new DrillStep(
                place, title, false, List.of(new TokensPart(services, "", PatchSite.HEAD_Z_BY_POS, place)));
    }

    /** Tokens that a head reads at a position: their values, whoever asks, and the attention to them from there. */
    static DrillStep sources(Services services, Place place) {
        String title = Messages.get("patch.drill.sources", place.layer() + "." + place.head(), token(place));
        String values = Messages.get("patch.drill.byValue");
        String attention = Messages.get("patch.drill.byAttention");
        return new DrillStep(
                place,
                title,
                true,
                List.of(
                        new TokensPart(services, values, PatchSite.HEAD_V_BY_POS, place),
                        new TokensPart(services, attention, PatchSite.HEAD_PATTERN_DEST_SRC, place)));
    }

    private static String token(Place place) {
        return Messages.get("grid.named", Integer.toString(place.position()), VisibleText.of(place.token()));
    }

    Place place() {
        return place;
    }

    /** What is looked at, in words. */
    public String title() {
        return title;
    }

    /** Whether nothing can be looked at more closely. */
    boolean isLast() {
        return last;
    }

    public List<DrillPart> parts() {
        return parts;
    }

    /** What was chosen; null before anything was. */
    public ReadOnlyObjectProperty<@Nullable Place> chosenProperty() {
        return chosen.getReadOnlyProperty();
    }

    /** The numbers of what was chosen. */
    public ReadOnlyStringProperty detailsProperty() {
        return details.getReadOnlyProperty();
    }

    void start(AnalysisCall root) {
        parts.forEach(part -> part.start(root));
    }

    void cancel() {
        parts.forEach(part -> part.run().cancel());
    }

    private void colour() {
        double extent = FAINTEST;
        for (DrillPart part : parts) {
            extent = part instanceof TokensPart tokens ? Math.max(extent, tokens.extent()) : extent;
        }
        for (DrillPart part : parts) {
            if (part instanceof TokensPart tokens) {
                tokens.colour(extent);
            }
        }
    }

    private void describe() {
        Place now = chosen.get();
        if (now == null) {
            details.set("");
            return;
        }
        String numbers = parts.stream()
                .map(part -> (part.heading() + " " + Ticks.format(part.at(now))).strip())
                .collect(Collectors.joining(" · "));
        details.set(
                parts.get(0) instanceof HeadsPart
                        ? Messages.get("patch.drill.head", now.layer() + "." + now.head(), numbers)
                        : Messages.get("patch.drill.token", token(now), numbers));
    }
}
