package org.headscope.app.export;

import java.nio.file.Path;
import java.util.List;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.ResultJson;

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

    /** Writes the same into a file of its own, for formats that have no room for it. */
    static void writeBeside(Result result, Path file) {
        ResultJson.write(with(result, List.of()), file.resolveSibling(file.getFileName() + ".provenance.json"));
    }

    static Result with(Result result, List<Panel> panels) {
        return new Result(result.title(), panels, result.receipts(), result.provenance());
    }
}
