package org.headscope.app.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.HeadTsv;
import org.headscope.hooks.io.AtomicFile;

/** Every grid of heads of a result as a bare matrix, named after its panel: {@code full_attention_heads.tsv}. */
final class TsvFolder {
    private TsvFolder() {}

    static void write(Result result, Path folder) {
        result.panels().stream()
                .filter(HeadGrid.class::isInstance)
                .map(HeadGrid.class::cast)
                .forEach(grid -> AtomicFile.writeText(folder.resolve(name(grid.title())), HeadTsv.write(grid)));
    }

    private static String name(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "") + ".tsv";
    }
}
