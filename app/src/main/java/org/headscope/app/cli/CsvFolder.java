package org.headscope.app.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.PanelCsv;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.hooks.io.AtomicFile;

/** Every panel of a result as a CSV file, with the provenance beside them. */
final class CsvFolder {
    private CsvFolder() {}

    static void write(Result result, Path folder) {
        int number = 0;
        for (Panel panel : result.panels()) {
            String name = "%02d-%s.csv".formatted(++number, slug(panel.title()));
            AtomicFile.writeText(folder.resolve(name), PanelCsv.write(panel));
        }
        ResultJson.write(result, folder.resolve("result.json"));
    }

    private static String slug(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
