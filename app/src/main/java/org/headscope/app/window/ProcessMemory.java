package org.headscope.app.window;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of the whole process: models live outside Java's heap, so the heap alone would mislead. */
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private ProcessMemory() {}

    /** @return bytes in use: of the process where the system tells, else of the heap */
    static long inUse() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException e) {
            return heap(); // not Linux
        }
        return heap();
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
