package org.headscope.app.export;

import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.PanelCsv;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.app.picture.PictureFormat;
import org.headscope.app.picture.Pictures;
import org.headscope.app.picture.Sight;
import org.headscope.hooks.io.AtomicFile;

/** All panels of a result as files of a folder, numbered in their order. */
public final class PanelFolder {
    private PanelFolder() {}

    /** Draws every panel. */
    public static void pictures(Result result, Path folder, PictureFormat format) {
        String origin = Origin.json(result);
        forEach(result, folder, format.ending(), (panel, file) -> Pictures.write(Sight.whole(panel), origin, file));
    }

    /** Writes every panel as CSV, and the whole result beside them. */
    public static void csv(Result result, Path folder) {
        forEach(result, folder, "csv", (panel, file) -> AtomicFile.writeText(file, PanelCsv.write(panel)));
        ResultJson.write(result, folder.resolve("result.json"));
    }

    private static void forEach(Result result, Path folder, String ending, BiConsumer<Panel, Path> write) {
        int number = 0;
        for (Panel panel : result.panels()) {
            write.accept(panel, folder.resolve("%02d-%s.%s".formatted(++number, name(panel.title()), ending)));
        }
    }

    /** A title as the name of a file, without its ending. */
    public static String name(String title) {
        String name =
                title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return name.isEmpty() ? "panel" : name;
    }
}
