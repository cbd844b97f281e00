package org.headscope.analysis.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.analysis.store.StoreException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Results too large for a column, as files in a folder beside the workspace file. */
final class ResultFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ResultFiles.class);

    private final Path folder;

    ResultFiles(Path workspace) {
        this.folder = workspace.resolveSibling(workspace.getFileName() + "-results");
    }

    /** Writes the file before any row refers to it; a crash in between leaves a file that the next try replaces. */
    String write(long run, Result result) {
        String name = "run-" + run + ".json";
        ResultJson.write(result, folder.resolve(name));
        return name;
    }

    Result read(String name) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new StoreException(
                    Reason.MISSING, "The result file " + file + " is gone. Put it back, or run the analysis again.");
        }
        return ResultJson.read(file);
    }

    void discard(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            LOG.warn("Could not remove {}", folder.resolve(name), e);
        }
    }
}
