package org.headscope.app.export;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Provenance;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.PanelCsv;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.checkpoint.SafetensorsWriter;
import org.headscope.hooks.io.AtomicFile;

/** The files the numbers of a panel are saved in. Each says where they come from, or has a file beside it that does. */
public enum DataFormat {
    /** A row per cell, for spreadsheets and data frames. */
    CSV,
    /** A result of this one panel, which Headscope reads back. */
    JSON,
    /** The tensors of a grid: {@code values}, and {@code lower} and {@code upper} where there is an interval. */
    SAFETENSORS;

    private static final JsonMapper MAPPER = new JsonMapper();

    /** @return the ending of its files, without the dot */
    public String ending() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether numbers can be saved in it: tensors need a grid, and a result has one origin. */
    public boolean takes(Exhibit exhibit) {
        int origins = exhibit.origins().size();
        return switch (this) {
            case CSV -> origins > 0;
            case JSON -> origins == 1;
            case SAFETENSORS -> origins > 0 && exhibit.panel() instanceof GridPanel;
        };
    }

    /**
     * Finds the format a file is to have.
     *
     * @param file a name with one of the endings
     * @throws HeadscopeException when the ending is another one
     */
    public static DataFormat of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> name.endsWith("." + format.ending()))
                .findFirst()
                .orElseThrow(() -> new HeadscopeException("Numbers are saved as "
                        + Arrays.stream(values())
                                .map(format -> "." + format.ending())
                                .collect(Collectors.joining(", "))
                        + ", so '" + file + "' needs one of these endings."));
    }

    /**
     * Writes the whole panel of which something is in sight.
     *
     * @param exhibit the panel and where it comes from
     * @param file where to, replaced as a whole
     * @throws HeadscopeException when the format does not take it, or writing fails
     */
    public void write(Exhibit exhibit, Path file) {
        if (!takes(exhibit)) {
            throw refused(exhibit);
        }
        Panel panel = exhibit.panel();
        switch (this) {
            case CSV -> {
                AtomicFile.writeText(file, PanelCsv.write(panel));
                Origin.writeBeside(exhibit.origins(), file);
            }
            case JSON -> ResultJson.write(Origin.with(exhibit.origins().get(0), List.of(panel)), file);
            case SAFETENSORS -> tensors((GridPanel) panel, exhibit.origins(), file);
        }
    }

    private HeadscopeException refused(Exhibit exhibit) {
        String title = "'" + exhibit.panel().title() + "' ";
        int origins = exhibit.origins().size();
        if (origins == 0) {
            return new HeadscopeException(title + "is not complete: wait for its run to end, then save it.");
        }
        return new HeadscopeException(
                this == JSON
                        ? title + "comes from " + origins + " runs, and a result has one: save .csv."
                        : title + "is no grid of numbers, so it has no tensors: save .csv or .json.");
    }

    private static void tensors(GridPanel panel, List<Result> origins, Path file) {
        SafetensorsWriter writer = new SafetensorsWriter();
        Provenance origin = origins.get(0).provenance();
        writer.metadata("title", panel.title())
                .metadata("quantity", panel.quantity().name())
                .metadata("unit", panel.quantity().unit())
                .metadata("axes", axes(panel.grid()))
                .metadata("analysis", origin.analysis())
                .metadata("model", origin.model().path())
                .metadata("model_hash", origin.model().hash())
                .metadata("bos_policy", origin.numerics().bosPolicy())
                .metadata("mask", origin.numerics().maskMode())
                .metadata("seed", Long.toString(origin.seed()))
                .metadata("app_version", origin.appVersion())
                .metadata("provenance", Origin.json(origins));
        add(writer, "values", panel.grid());
        Interval interval = panel.interval();
        if (interval != null) {
            add(writer, "lower", interval.lower());
            add(writer, "upper", interval.upper());
        }
        writer.write(file);
    }

    private static void add(SafetensorsWriter writer, String name, Grid grid) {
        long[] shape = Arrays.stream(grid.shape()).asLongStream().toArray();
        writer.add(name, new Shape(shape), grid.toArray());
    }

    private static String axes(Grid grid) {
        return MAPPER.<JsonNode>valueToTree(grid.axes()).toString();
    }
}
