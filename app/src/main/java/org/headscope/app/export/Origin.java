package org.headscope.app.export;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.hooks.io.AtomicFile;

/** Where the numbers of a file come from: the document of a result without its numbers. It reads back as a result. */
public final class Origin {
    private Origin() {}

    /**
     * @param result what the numbers belong to
     * @return model, prompts, parameters, settings, seed, version, timing and receipts as one JSON object
     */
    public static String json(Result result) {
        return ResultJson.write(with(result, List.of()));
    }

    /**
     * @param results what the numbers belong to
     * @return the same for one run; an array of them for several, and nothing for none
     */
    public static String json(List<Result> results) {
        return results.size() == 1
                ? json(results.get(0))
                : results.isEmpty()
                        ? ""
                        : results.stream().map(Origin::json).collect(Collectors.joining(",", "[", "]"));
    }

    /** Writes the same into a file of its own, for formats that have no room for it. */
    static void writeBeside(List<Result> results, Path file) {
        AtomicFile.writeText(file.resolveSibling(file.getFileName() + ".provenance.json"), json(results));
    }

    static Result with(Result result, List<Panel> panels) {
        return new Result(result.title(), panels, result.receipts(), result.provenance());
    }
}
