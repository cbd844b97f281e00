package org.headscope.app.palette;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.spi.Analysis;
import org.headscope.app.action.Command;
import org.headscope.app.action.CommandRegistry;
import org.headscope.app.text.Messages;
import org.headscope.app.window.ModelChoice;
import org.headscope.app.window.ModelPickerViewModel;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** What the palette offers. */
public final class PaletteSources {
    private static final Pattern HEAD = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})");

    private PaletteSources() {}

    /** @return every command that can be asked for now, but the palette itself */
    public static List<PaletteEntry> commands(CommandRegistry commands, String itself) {
        return commands.all().stream()
                .filter(command -> command.enabled().get() && !command.id().equals(itself))
                .map(PaletteSources::entry)
                .toList();
    }

    private static PaletteEntry entry(Command command) {
        String key =
                command.key().map(combination -> combination.getDisplayText()).orElse("");
        return new PaletteEntry(command.label(), Messages.get("palette.command"), key, command::run);
    }

    /** @return every analysis, to be chosen in its view */
    public static List<PaletteEntry> analyses(Workbench bench, Consumer<Analysis<?, ?>> choose) {
        List<PaletteEntry> entries = new ArrayList<>();
        for (Analysis<?, ?> analysis : bench.services().analyses().all()) {
            entries.add(new PaletteEntry(
                    analysis.info().name(), Messages.get("palette.analysis"), "", () -> choose.accept(analysis)));
        }
        return entries;
    }

    /** @return the shipped and recent models */
    public static List<PaletteEntry> models(ModelPickerViewModel picker) {
        List<ModelChoice> choices = new ArrayList<>(picker.bundled());
        choices.addAll(picker.recent());
        return choices.stream()
                .map(choice ->
                        new PaletteEntry(choice.label(), Messages.get("palette.model"), "", () -> picker.open(choice)))
                .toList();
    }

    /** @return the head that was typed as layer.head, to be looked at; nothing when there is no such head */
    public static List<PaletteEntry> head(Workbench bench, String typed) {
        return head(bench.modelProperty().get(), typed)
                .map(unit -> List.of(
                        new PaletteEntry(unit.label(), Messages.get("palette.head"), "", () -> bench.headProperty()
                                .set(unit))))
                .orElse(List.of());
    }

    private static Optional<MaskUnit> head(@Nullable OpenModel model, String typed) {
        Matcher matcher = HEAD.matcher(typed);
        if (model == null || !matcher.matches()) {
            return Optional.empty();
        }
        int layer = Integer.parseInt(matcher.group(1));
        int head = Integer.parseInt(matcher.group(2));
        boolean exists = layer < model.dims().layers() && head < model.dims().heads();
        return exists ? Optional.of(MaskUnit.head(layer, head)) : Optional.empty();
    }
}
